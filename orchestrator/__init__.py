"""Game assets from terse ideas."""
