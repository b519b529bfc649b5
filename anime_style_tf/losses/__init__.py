"""Losses as pure functions of tensors, in `keras.ops`."""
