"""Language models: described without torch, loaded as writers."""
