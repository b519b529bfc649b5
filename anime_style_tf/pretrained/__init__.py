"""Weights that others trained and published: read from their packages, nothing is executed."""
