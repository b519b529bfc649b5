"""The networks at a path: of a run, of an exported bundle, or of the one in the package."""

import pathlib

from anime_style_tf.errors import InputError
from anime_style_tf.library.bundled_networks import PRETRAINED, BundledNetworks, bundle_in
from anime_style_tf.library.run_networks import RunNetworks


def open_networks(path):
    """Returns the `RunNetworks` of a run's folder, or the `BundledNetworks` of an export.

    Args:
        path: see `StyleSpace`.

    Raises:
        InputError: nothing of these there.
    """
    if path == "pretrained":
        if bundle_in(PRETRAINED) is None:
            raise InputError(
                "this package was installed without a pretrained model: train one with "
                "anime-style train, and open its folder"
            )
        return BundledNetworks(bundle_in(PRETRAINED))
    path = pathlib.Path(path)
    bundle = bundle_in(path)
    return RunNetworks(path) if bundle is None else BundledNetworks(bundle)
