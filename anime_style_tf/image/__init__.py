"""Pure functions on batches of pixels, in `keras.ops`."""
