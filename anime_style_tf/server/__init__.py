"""Serves exported SavedModels as TensorFlow Serving does: over REST and over gRPC.

`rest` and `rpc` are the two protocols, `predictor` is what both ask: it finds a version in
`models`, checks the request and has `batching` run it together with others.
"""
