"""Makes the word table: which noun a painter should draw for a subject that it was never taught."""
