"""Pictures by diffusers: described from the folder's configs alone, loaded through the Auto classes."""
