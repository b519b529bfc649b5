"""EfficientNet-Lite as it is used, not as it is trained: maps of a picture for others to read."""

import keras
from keras import ops

# Of lite0, for each stage: kernel, stride, expansion, channels, blocks (Tan & Le 2019, table 1).
_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)
_STEM = 32
# Width and depth in tenths: whole numbers, so that rounding is the same everywhere.
VARIANTS = {"lite0": (10, 10), "lite1": (10, 11), "lite2": (11, 12)}


def stage_sizes(variant):
    """How the stages of a variant differ from each other.

    Args:
        variant: key of `VARIANTS`.

    Returns:
        One `(kernel, stride, expansion, channels, blocks)` for each of the seven stages. The first
        and the last stage keep lite0's number of blocks, as the stem keeps its channels.

    Raises:
        ValueError: there is no such variant.
    """
    if variant not in VARIANTS:
        raise ValueError(f"variant must be one of {sorted(VARIANTS)}, received {variant!r}.")
    width, depth = VARIANTS[variant]
    inner = range(1, len(_STAGES) - 1)
    return [
        (
            kernel,
            stride,
            expansion,
            _multiple_of_eight(channels * width / 10),
            -(-blocks * depth // 10) if index in inner else blocks,
        )
        for index, (kernel, stride, expansion, channels, blocks) in enumerate(_STAGES)
    ]


def _multiple_of_eight(channels):
    """The nearest multiple of 8 that takes away no more than a tenth."""
    nearest = int(channels + 4) // 8 * 8
    return nearest if nearest >= 0.9 * channels else nearest + 8


@keras.saving.register_keras_serializable(package="anime_style_tf")
class EfficientNetLite(keras.layers.Layer):
    """Frozen maps of an EfficientNet-Lite, for losses, judges and encoders to read.

    Each batch norm is part of the convolution before it, and no weight is trainable; gradients
    flow to the images. The weights start at random: `pretrained.weights.load_published` fills in
    those trained on ImageNet, once; from then on they are saved with whatever holds the layer.

    Args:
        variant: "lite0", "lite1" or "lite2"; the later ones are larger.
        stages: which of the stages 1 to 7 are read, rising. Their strides are 2, 4, 8, 16, 16, 32
            and 32 pixels; what lies above the last of them is not built.
        resolution: side in pixels that images are brought to first; None leaves them as they
            are. The networks were trained at 224, 240 and 260; raising it makes small drawings
            look to them as such objects did, at a cost that grows with its square.

    Call arguments:
        images: `[batch, height, width, 3]`, sRGB: uint8, or float in [0, 1]. Returns the map of
            the last of `stages`; `maps` returns all of them.

    Source: Tan & Le (2019), EfficientNet; its Lite variants have no squeeze-and-excitation, ReLU6,
        and a stem that does not grow (TensorFlow's models, Apache-2.0).
    """

    def __init__(self, variant="lite0", *, stages=(2, 3, 5, 7), resolution=None, **kwargs):
        super().__init__(**kwargs)
        sizes = stage_sizes(variant)
        stages = tuple(stages)
        if not stages or list(stages) != sorted(set(stages) & set(range(1, len(sizes) + 1))):
            raise ValueError(
                f"stages must rise and lie between 1 and {len(sizes)}, received {stages}."
            )
        self.variant = variant
        self.stages = stages
        self.resolution = resolution
        policy = self.dtype_policy
        self.stem = keras.layers.Conv2D(
            _STEM, 3, strides=2, padding="same", activation="relu6", name="stem", dtype=policy
        )
        self.depths = [size[-1] for size in sizes[: stages[-1]]]
        self.blocks = []
        channels = _STEM
        for kernel, stride, expansion, units, depth in sizes[: stages[-1]]:
            for index in range(depth):
                self.blocks.append(
                    InvertedResidual(
                        units,
                        kernel,
                        stride=1 if index else stride,
                        expanded=expansion * channels if expansion > 1 else None,
                        name=f"block_{len(self.blocks)}",
                        dtype=policy,
                    )
                )
                channels = units
        self.trainable = False

    def build(self, input_shape):
        """Creates the weights."""
        shape = self._resized_shape(input_shape)
        self.stem.build(shape)
        shape = self.stem.compute_output_shape(shape)
        for block in self.blocks:
            block.build(shape)
            shape = block.compute_output_shape(shape)

    def call(self, images):
        """Returns the last map."""
        return self.maps(images)[-1]

    def maps(self, images):
        """The maps of `stages`, from the image up."""
        features = self.stem((self._resized(images) - 127.0) / 128.0)
        return self._after_stages(features, lambda block, features: block(features))

    def _resized(self, images):
        """Images of the chosen side, with values from 0 to 255."""
        images = ops.convert_to_tensor(images)
        if keras.backend.is_float_dtype(images.dtype):
            images = images * 255.0
        images = ops.cast(images, "float32")
        side = self.resolution
        if side is None or images.shape[1:3] == (side, side):
            return images
        # Without it every second pixel of a larger picture would not be seen.
        shrinks = max(images.shape[1:3]) > side
        return ops.image.resize(images, (side, side), interpolation="bilinear", antialias=shrinks)

    def _resized_shape(self, input_shape):
        side = self.resolution
        return input_shape if side is None else (input_shape[0], side, side, input_shape[-1])

    def map_shapes(self, input_shape):
        """The shapes of `maps`."""
        shape = self.stem.compute_output_shape(self._resized_shape(input_shape))
        return self._after_stages(shape, lambda block, shape: block.compute_output_shape(shape))

    def _after_stages(self, value, step):
        """What `step` makes of a map, or of a shape, block by block: after each of `stages`."""
        values, blocks = [], iter(self.blocks)
        for depth in self.depths:
            for block in (next(blocks) for _ in range(depth)):
                value = step(block, value)
            values.append(value)
        return [values[stage - 1] for stage in self.stages]

    def compute_output_shape(self, input_shape):
        """Returns the shape of the last map."""
        return self.map_shapes(input_shape)[-1]

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "variant": self.variant,
            "stages": self.stages,
            "resolution": self.resolution,
        }


@keras.saving.register_keras_serializable(package="anime_style_tf")
class InvertedResidual(keras.layers.Layer):
    """One block: more channels, a convolution within each of them, few channels again.

    Args:
        units: channels of the output.
        kernel: side of the convolution within channels, pixels.
        stride: of that convolution.
        expanded: channels in between; None for those of the input, without a first convolution.

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns
            `[batch, ceil(height / stride), ceil(width / stride), units]`, with the inputs added
            where the shapes are equal.

    Source: Sandler et al. (2018), MobileNetV2; batch norms folded.
    """

    def __init__(self, units, kernel, *, stride=1, expanded=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.kernel = kernel
        self.stride = stride
        self.expanded = expanded
        shared = {"padding": "same", "dtype": self.dtype_policy}
        self.expand = None
        if expanded:
            self.expand = keras.layers.Conv2D(
                expanded, 1, activation="relu6", name="expand", **shared
            )
        self.depthwise = keras.layers.DepthwiseConv2D(
            kernel, strides=stride, activation="relu6", name="depthwise", **shared
        )
        self.project = keras.layers.Conv2D(units, 1, name="project", **shared)

    @property
    def convolutions(self):
        """The block's convolutions, in the order in which they are applied."""
        return [each for each in (self.expand, self.depthwise, self.project) if each is not None]

    def build(self, input_shape):
        """Creates the weights."""
        shape = input_shape
        for convolution in self.convolutions:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)

    def call(self, inputs):
        """Applies the block."""
        features = inputs
        for convolution in self.convolutions:
            features = convolution(features)
        adds = self.stride == 1 and inputs.shape[-1] == self.units
        return features + inputs if adds else features

    def compute_output_shape(self, input_shape):
        """Returns the shape of the output."""
        shape = input_shape
        for convolution in self.convolutions:
            shape = convolution.compute_output_shape(shape)
        return shape

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "units": self.units,
            "kernel": self.kernel,
            "stride": self.stride,
            "expanded": self.expanded,
        }
