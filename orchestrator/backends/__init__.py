"""Models behind roles: each kind has describe (no torch) and load; the only home of the heavy libraries."""
