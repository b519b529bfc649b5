"""The style space of anime portraits, after Xiang & Li (2018), in TensorFlow.

A finished run is opened with `load`, and takes pictures as paths, PIL images or arrays:

    import anime_style_tf

    space = anime_style_tf.load("runs/demo")
    space.style("a.png")  # its style code
    space.transfer(content="a.png", style="b.png")  # uint8 [1, height, width, 3]
    space.generate("lorelei", seed=1)
    space.who_drew("a.png"), space.nearest("a.png")

An exported bundle (`load("runs/demo/export/portraits")`) and the model that may come with the
package (`load("pretrained")`) have the same methods, as far as they go without the works.

Public, for one's own programs; all else may change at any time:

    load, StyleSpace, load_network      a finished run, its export, one network of it
    StyleEncoder, ContentEncoder, Decoder, PrunedEncoder, DiscriminatorConsortium,
    ProjectedDiscriminator              networks (Keras models)
    StyleMetricLearning, StyleClassifier, ContentVAE, ConditionalGAN, fit
                                        their trainings: compile, fit, save as any Keras model
    losses                              modules of functions: metric_learning, repulsion, recovery,
                                        variational, reconstruction, adversarial, diversity
    exploration                         module: means of artists, edits, ways between codes (NumPy)
    StyleIndex, Attribution             nearest works; who drew it, with calibrated doubt (NumPy)
    srgb_to_lab, lab_to_srgb            colors as the networks read and write them
    DicebearSource, FolderSource, Plan, write_records, Records
                                        portraits to records, and their reader
    Portraits, export_portraits         SavedModels with named signatures
    STAGES, run_stages                  whole runs, as the command anime-style has them
    register                            makes Keras know the networks and trainings by their classes
    InputError                          what is raised where the caller can put something right

`keras.saving.load_model` reads every network that a run leaves after `register()`, or the use of
any other of these but the two modules. Names load their modules when they are first used, so that
importing a light module (a data source in a worker process, a command line's help) does not start
TensorFlow.
"""

import importlib
import os
import pkgutil

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

PUBLIC_MODULES = ("exploration", "losses")
# Modules whose classes files of networks and trainings name.
SAVED = (
    "conditional_gan",
    "content_encoder",
    "decoder",
    "discriminator",
    "layers.pruned",
    "layers.scaled_maps",
    "projected_discriminator",
    "style_classifier",
    "style_encoder",
)

__all__ = ["InputError", "__version__", "register", *PUBLIC_NAMES, *PUBLIC_MODULES]


def __getattr__(name):
    """Load the module of a public name (PEP 562)."""
    if name in PUBLIC_MODULES:
        return _public_module(name)
    if name not in PUBLIC_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    register()
    return getattr(importlib.import_module(f"{__name__}.{PUBLIC_NAMES[name]}"), name)


def __dir__():
    return sorted({*globals(), *PUBLIC_NAMES, *PUBLIC_MODULES})


def _public_module(name):
    """Load a module, and where it is a package the modules in it."""
    module = importlib.import_module(f"{__name__}.{name}")
    for inner in pkgutil.iter_modules(getattr(module, "__path__", ())):
        importlib.import_module(f"{module.__name__}.{inner.name}")
    return module


def register():
    """Lets `keras.saving.load_model` find every network and training of this package by its class.

    Keras reads no class whose module is not loaded, and loading ours at `import anime_style_tf`
    would start TensorFlow in each worker process. Any public name that is used does the same.

    Raises:
        InputError: another Keras, or another backend, than these run on.
    """
    _check_keras()
    for module in SAVED:
        importlib.import_module(f"{__name__}.{module}")


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
