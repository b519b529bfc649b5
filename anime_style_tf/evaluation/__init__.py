"""Measurements: arrays in, numbers out; NumPy, SciPy, scikit-learn and Pillow only, no file."""
