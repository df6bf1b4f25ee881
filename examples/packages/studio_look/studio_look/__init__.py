"""Data alone: `styles/` and `templates/` are read where they lie, and this module is never imported."""
