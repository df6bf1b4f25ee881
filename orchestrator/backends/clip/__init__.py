"""Scorers: any CLIPModel folder of transformers, and the doubles beside it."""
