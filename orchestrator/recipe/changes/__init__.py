"""What is said over a recipe: `--set`, and items and models from Python."""
