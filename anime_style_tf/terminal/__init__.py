"""How commands start, read their flags and speak."""
