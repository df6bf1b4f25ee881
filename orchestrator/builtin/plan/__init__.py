"""`plan`: a structured prompt, written out for the painter at hand with every setting."""
