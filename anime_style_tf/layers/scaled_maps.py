"""Frozen pretrained maps of drawings, brought to one scale, for distances and judges to read."""

import keras
from keras import ops

from anime_style_tf.image.color import lab_to_srgb
from anime_style_tf.layers.efficientnet_lite import EfficientNetLite


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ScaledMaps(keras.layers.Layer):
    """Maps of a frozen EfficientNet-Lite, each divided by its deviation over works.

    Nothing is trainable; gradients flow to the images. The pretrained weights are filled in once
    (`pretrained.weights.load_published` on `network`), the deviations by `adapt`; both are saved
    with whatever holds the layer.

    Args:
        variant: "lite0", "lite1" or "lite2".
        stages: which stages of the network are read, see `EfficientNetLite`.
        resolution: side in pixels that images are brought to first; None leaves them as they are.

    Call arguments:
        lab: `[batch, height, width, 3]`, normalized Lab. Returns a list of `[batch, h, w,
            channels]` float32, from the image up.

    Source: Sauer et al. (2021), "Projected GANs Converge Faster"; the division is our setting.
    """

    def __init__(self, variant="lite0", *, stages=(1, 2, 3), resolution=None, **kwargs):
        # Under a mixed policy small differences of two images would round away.
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.variant = variant
        self.stages = tuple(stages)
        self.resolution = resolution
        self.network = EfficientNetLite(
            variant, stages=self.stages, resolution=resolution, dtype="float32", name="network"
        )

    def build(self, input_shape):
        """Creates the network's weights and the deviations."""
        self.network.build(input_shape)
        self.deviations = self.add_weight(
            name="deviations", shape=(len(self.stages),), initializer="ones", trainable=False
        )

    def adapt(self, lab):
        """Takes each map's deviation, over all its values, from works.

        Args:
            lab: `[works, height, width, 3]`, normalized Lab.
        """
        maps = self.network.maps(lab_to_srgb(lab))
        self.deviations.assign(ops.stack([ops.std(each) for each in maps]))

    def call(self, lab):
        """Reads images."""
        maps = self.network.maps(lab_to_srgb(lab))
        return [each / self.deviations[index] for index, each in enumerate(maps)]

    def distance(self, lab, others):
        """How far images are from others as the frozen network sees them, see `map_distance`.

        Args:
            lab: `[batch, height, width, 3]`, normalized Lab.
            others: the same shape.

        Returns:
            `[batch]`, >= 0.
        """
        return map_distance(self(lab), self(others))

    def compute_output_shape(self, input_shape):
        """Returns the shapes of the maps."""
        return self.network.map_shapes(input_shape)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "variant": self.variant,
            "stages": self.stages,
            "resolution": self.resolution,
        }


def map_distance(maps, others):
    """How far images are from others by their `ScaledMaps`.

    Args:
        maps: list of `[batch, h, w, channels]`.
        others: the same of other images.

    Returns:
        `[batch]`, mean absolute difference over positions and channels, mean over maps, >= 0.

    Source: Johnson et al. (2016); Zhang et al. (2018). Absolute, unweighted: our setting.
    """
    pairs = zip(maps, others, strict=True)
    distances = [ops.mean(ops.abs(a - b), axis=(1, 2, 3)) for a, b in pairs]
    return sum(distances) / len(distances)
