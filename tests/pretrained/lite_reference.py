"""EfficientNet-Lite in NumPy, double precision, with its batch norms unfolded.

Written from the published description, with PyTorch's names: nothing of the layer is used.
"""

import numpy as np

EPSILON = 1e-3
# Of lite0: (kernel, stride, repeats) of the stages.
LITE0 = ((3, 1, 1), (3, 2, 2), (5, 2, 2), (3, 2, 3), (5, 1, 3), (5, 2, 4), (3, 1, 1))


def relu6(values):
    return np.clip(values, 0, 6)


def padded(images, kernel, stride):
    """Zeros around, as TensorFlow's "same": the odd one below and to the right."""
    widths = []
    for side in images.shape[1:3]:
        total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        widths.append((total // 2, total - total // 2))
    return np.pad(images, [(0, 0), *widths, (0, 0)])


def convolved(images, weight, stride=1):
    """`weight` `[out, in, k, k]`, or `[channels, 1, k, k]` within channels."""
    kernel = weight.shape[-1]
    batch, height, width, channels = images.shape
    images = padded(images, kernel, stride)
    rows, columns = -(-height // stride), -(-width // stride)
    within = weight.shape[1] == 1 and channels > 1
    total = np.zeros((batch, rows, columns, weight.shape[0]))
    for down in range(kernel):
        for right in range(kernel):
            part = images[
                :,
                down : down + stride * (rows - 1) + 1 : stride,
                right : right + stride * (columns - 1) + 1 : stride,
            ]
            total += (
                part * weight[:, 0, down, right] if within else part @ weight[..., down, right].T
            )
    return total


def normalized(features, tensors, name):
    gain, shift, mean, variance = (
        tensors[f"{name}.{part}"].astype(float)
        for part in ("weight", "bias", "running_mean", "running_var")
    )
    return (features - mean) / np.sqrt(variance + EPSILON) * gain + shift


def stages(tensors, images, sizes=LITE0):
    """The map after every stage.

    Args:
        tensors: as published.
        images: `[batch, height, width, 3]`, 0 to 255.
        sizes: kernel, stride and repeats of each stage.
    """

    def step(features, convolution, norm, stride=1):
        weight = tensors[f"{convolution}.weight"].astype(float)
        return normalized(convolved(features, weight, stride), tensors, norm)

    features = relu6(step((images - 127.0) / 128.0, "_conv_stem", "_bn0", 2))
    maps, index = [], 0
    for _, first_stride, repeats in sizes:
        for repeat in range(repeats):
            name, inputs = f"_blocks.{index}", features
            if f"{name}._expand_conv.weight" in tensors:
                features = relu6(step(features, f"{name}._expand_conv", f"{name}._bn0"))
            stride = 1 if repeat else first_stride
            features = relu6(step(features, f"{name}._depthwise_conv", f"{name}._bn1", stride))
            features = step(features, f"{name}._project_conv", f"{name}._bn2")
            if features.shape == inputs.shape:
                features = features + inputs
            index += 1
        maps.append(features)
    return maps


def classes(tensors, top):
    """The scores of ImageNet's thousand classes, of the map after the last stage."""
    head = convolved(top, tensors["_conv_head.weight"].astype(float))
    pooled = relu6(normalized(head, tensors, "_bn1")).mean(axis=(1, 2))
    return pooled @ tensors["_fc.weight"].astype(float).T + tensors["_fc.bias"]
