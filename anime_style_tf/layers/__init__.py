"""Keras layers of the paper's networks; none knows what it is used for."""
