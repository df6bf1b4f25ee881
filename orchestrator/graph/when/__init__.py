"""Conditions: the text of a `when:`, checked for type, and what it comes to at an item."""
