"""Reading the text of an idea: marks of other tools, foreign words, the noun that names the thing."""
