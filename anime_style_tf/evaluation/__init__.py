"""Measurements: arrays in, numbers out; NumPy and SciPy only, no file."""
