"""The trained networks as SavedModels that need only TensorFlow.

`signatures` declares what is served, `portraits` computes it from live Keras networks,
`saved_model` writes it and `reload_check` compares what was written with what was live.
"""
