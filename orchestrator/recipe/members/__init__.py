"""The members of a recipe's dimensions: written out, out of tables, out of variant syntax."""
