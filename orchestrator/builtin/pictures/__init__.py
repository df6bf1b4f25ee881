"""What several built-in stages do to pixels."""
