"""A review file checked against the graph of its recipe."""
