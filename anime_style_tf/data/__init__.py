"""Artworks in, batches out: sources, the record, its writer and its reader.

Nothing is imported here: the processes that render artworks must start without TensorFlow.
"""
