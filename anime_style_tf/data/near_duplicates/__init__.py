"""Copies of one picture, found across sizes, crops and changes of color."""
