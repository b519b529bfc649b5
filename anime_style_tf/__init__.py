"""The style space of anime portraits, after Xiang & Li (2018), in TensorFlow.

A finished run is opened with `load`, and takes pictures as paths, PIL images or arrays:

    import anime_style_tf

    space = anime_style_tf.load("runs/demo")
    space.style("a.png")  # its style code
    space.transfer(content="a.png", style="b.png")  # uint8 [1, height, width, 3]
    space.generate("lorelei", seed=1)
    space.who_drew("a.png"), space.nearest("a.png")

Networks, losses' trainers, records and stages are public too, for one's own programs; what
`PUBLIC_NAMES` does not name may change at any time. The names load their modules when they are
first used, so that importing a light module (a data source in a worker process, a command line's
help) does not start TensorFlow.
"""

import importlib
import os

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import load_tensorflow

__version__ = "0.1.0"

PUBLIC_NAMES = {
    # A finished run, to draw, to encode and to ask.
    "load": "library.style_space",
    "StyleSpace": "library.style_space",
    "load_network": "workdir.networks",
    # Images and records.
    "srgb_to_lab": "image.color",
    "lab_to_srgb": "image.color",
    "DicebearSource": "data.sources.dicebear",
    "FolderSource": "data.sources.folder",
    "Plan": "data.conversion.plan",
    "write_records": "data.conversion.writer",
    "Records": "data.reader",
    # Style.
    "StyleEncoder": "style_encoder",
    "StyleMetricLearning": "style_encoder",
    "StyleClassifier": "style_classifier",
    "PrunedEncoder": "layers.pruned",
    # Content.
    "ContentEncoder": "content_encoder",
    "Decoder": "decoder",
    "ContentVAE": "content_encoder",
    # Generation.
    "DiscriminatorConsortium": "discriminator",
    "ProjectedDiscriminator": "projected_discriminator",
    "ConditionalGAN": "conditional_gan",
    # Codes: nearest works, who drew it.
    "StyleIndex": "search.style_index",
    "Attribution": "attribution.model",
    # Training, serving, whole runs.
    "fit": "training.fit",
    "Portraits": "serving.portraits",
    "export_portraits": "serving.saved_model",
    "STAGES": "stages",
    "run_stages": "stages.run",
}

__all__ = ["InputError", "__version__", *PUBLIC_NAMES]


def __getattr__(name):
    """Load the module of a public name (PEP 562)."""
    if name not in PUBLIC_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    _check_keras()
    return getattr(importlib.import_module(f"{__name__}.{PUBLIC_NAMES[name]}"), name)


def __dir__():
    return sorted([*globals(), *PUBLIC_NAMES])


def _check_keras():
    """Refuse at the door what would fail far inside.

    TensorFlow runs everything; JAX runs the layers, losses and networks (`keras.ops`).
    """
    # Whoever chose a level of log lines sees what TensorFlow writes as it is loaded.
    if "TF_CPP_MIN_LOG_LEVEL" not in os.environ and os.environ.get("KERAS_BACKEND") != "jax":
        load_tensorflow()
    import keras

    if int(keras.__version__.split(".")[0]) < 3:
        raise InputError(
            f"anime_style_tf needs Keras 3, received Keras {keras.__version__}: "
            "pip install 'keras>=3.15,<3.16', and unset TF_USE_LEGACY_KERAS"
        )
    if keras.backend.backend() not in ("tensorflow", "jax"):
        raise InputError(
            "anime_style_tf needs the Keras backend tensorflow (or jax, for networks alone), "
            f"received {keras.backend.backend()!r}: set KERAS_BACKEND=tensorflow before Python "
            "starts, or in ~/.keras/keras.json"
        )
