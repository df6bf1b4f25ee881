"""`expand`: a terse idea, rewritten into a structured prompt."""
