"""One row per layer and network; a new one joins every check of this folder with its row."""

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.decoder import Decoder
from anime_style_tf.discriminator import Discriminator, DiscriminatorConsortium
from anime_style_tf.layers.code_mixture import CodeMixture
from anime_style_tf.layers.color_histogram import ColorHistogram
from anime_style_tf.layers.edge_avoiding_filter import EdgeAvoidingFilter
from anime_style_tf.layers.efficientnet_lite import EfficientNetLite, InvertedResidual
from anime_style_tf.layers.gaussian import GaussianSample
from anime_style_tf.layers.moments import ChannelMoments
from anime_style_tf.layers.nested_dropout import NestedDropout
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.layers.residual import ChannelAffine, DecoderBlock, EncoderBlock, Modulation
from anime_style_tf.layers.scaled_maps import ScaledMaps
from anime_style_tf.layers.tprelu import TPReLU
from anime_style_tf.layers.trunk import DecoderTrunk, EncoderTrunk
from anime_style_tf.layers.weight_norm import (
    WNConv2D,
    WNConv2DTranspose,
    WNDense,
    WNResizeConv2D,
)
from anime_style_tf.projected_discriminator import ProjectedDiscriminator
from anime_style_tf.style_encoder import StyleEncoder

MAP = (2, 4, 6, 3)
ROWS = (3, 5)
IMAGES = (2, 8, 8, 3)
SIZES = {"image_size": 8, "levels": (4, 6), "initial_residue": 0.5}
ALL_PARTS = {
    "code_size": 5, "color_levels": 4, "pretrained": "lite0", "pretrained_stages": (1, 2),
    "pretrained_resolution": 12,
}  # fmt: skip
FROZEN = ALL_PARTS | {"image_size": 8, "levels": ()}

# Name: (make, shapes of the inputs).
LAYERS = {
    "dense": (lambda: WNDense(4), [ROWS]),
    "dense_affine": (lambda: WNDense(4, affine=True, initial_scale=0.5), [ROWS]),
    "conv": (lambda: WNConv2D(4, 4, stride=2), [MAP]),
    "conv_affine": (lambda: WNConv2D(4, affine=True), [MAP]),
    "transpose": (lambda: WNConv2DTranspose(4, 4, stride=2), [MAP]),
    "transpose_affine": (lambda: WNConv2DTranspose(4, affine=True), [MAP]),
    "resize": (lambda: WNResizeConv2D(4), [MAP]),
    "resize_affine": (lambda: WNResizeConv2D(4, affine=True), [MAP]),
    "tprelu": (lambda: TPReLU(0.3), [MAP]),
    "channel_moments": (ChannelMoments, [MAP]),
    "color_histogram": (lambda: ColorHistogram(4, thinning=1), [MAP]),
    "inverted_residual": (lambda: InvertedResidual(3, 3, expanded=8), [MAP]),
    "efficientnet_lite": (lambda: EfficientNetLite(stages=(1, 2), resolution=12), [IMAGES]),
    "channel_affine": (ChannelAffine, [MAP]),
    "modulation": (Modulation, [MAP, (2, 5)]),
    "encoder_block": (lambda: EncoderBlock(3, initial_residue=0.5), [MAP]),
    "encoder_block_down": (lambda: EncoderBlock(4, stride=2, initial_residue=0.5), [MAP]),
    "decoder_block": (lambda: DecoderBlock(3, initial_residue=0.5), [MAP]),
    "decoder_block_up": (lambda: DecoderBlock(4, stride=2, initial_residue=0.5), [MAP]),
    "decoder_block_final": (
        lambda: DecoderBlock(3, stride=2, initial_residue=0.5, final=True), [(2, 4, 6, 5)]
    ),
    "decoder_block_of_one_width": (
        lambda: DecoderBlock(4, stride=2, initial_residue=0.5, keep_width=True), [(2, 4, 6, 6)]
    ),
    "decoder_block_resized": (
        lambda: DecoderBlock(4, stride=2, initial_residue=0.5, resized=True), [MAP]
    ),
    "encoder_trunk_of_depths": (
        lambda: EncoderTrunk((4, 6), blocks=(1, 3), initial_residue=0.5), [IMAGES]
    ),
    "decoder_trunk_of_depths": (
        lambda: DecoderTrunk((4, 6), blocks=(1, 2), keep_width=True, initial_residue=0.5),
        [(2, 2, 2, 6)],
    ),
    "encoder_trunk": (lambda: EncoderTrunk((4, 6), blocks=2, initial_residue=0.5), [IMAGES]),
    "decoder_trunk": (lambda: DecoderTrunk((4, 6), initial_residue=0.5), [(2, 2, 2, 6)]),
    "decoder_trunk_modulated": (
        lambda: DecoderTrunk(
            (4, 6), initial_residue=0.5, full_features=5, resized=True, modulated=True
        ),
        [(2, 2, 2, 6), (2, 7)],
    ),
    "edge_avoiding_filter": (lambda: EdgeAvoidingFilter(30.0, rounds=2), [IMAGES]),
    "scaled_maps": (lambda: ScaledMaps(stages=(1, 2)), [IMAGES]),
    "code_mixture": (
        lambda: CodeMixture(3, same=0.5, random=0.5, seed=3), [(8, 5), (8, 4), (8,)]
    ),
    "nested_dropout": (lambda: NestedDropout(keep=0.5, seed=3), [ROWS]),
    "gaussian": (lambda: GaussianSample(seed=3), [ROWS, ROWS]),
}  # fmt: skip

NETWORKS = {
    "style_encoder": (lambda: StyleEncoder(**SIZES, code_size=5), [IMAGES]),
    "style_encoder_moments": (
        lambda: StyleEncoder(**SIZES, code_size=5, pooling="moments"), [IMAGES]
    ),
    "style_encoder_colors": (lambda: StyleEncoder(**SIZES, code_size=5, color_levels=4), [IMAGES]),
    "style_encoder_flat": (lambda: StyleEncoder(**SIZES, code_size=5, pooling="flatten"), [IMAGES]),
    "style_encoder_without_a_trunk": (lambda: StyleEncoder(**FROZEN), [IMAGES]),
    "style_encoder_of_all_parts": (lambda: StyleEncoder(**SIZES | ALL_PARTS), [IMAGES]),
    "content_encoder": (lambda: ContentEncoder(**SIZES, code_size=5, hidden_size=7), [IMAGES]),
    "pruned_style": (
        lambda: PrunedEncoder(StyleEncoder(**SIZES, code_size=5), code_size=3), [IMAGES]
    ),
    "pruned_content": (
        lambda: PrunedEncoder(ContentEncoder(**SIZES, code_size=5, hidden_size=7), code_size=3),
        [IMAGES],
    ),
    "decoder": (lambda: Decoder(**SIZES, code_size=5, hidden_size=7), [ROWS]),
    "generator": (
        lambda: Decoder(**SIZES, blocks=2, code_size=5, hidden_size=0, stem_scale=0.1), [ROWS]
    ),
    "generator_of_the_authors_blocks": (
        lambda: Decoder(**SIZES, blocks=(1, 2), code_size=5, hidden_size=0, keep_width=True),
        [ROWS],
    ),
    "generator_modulated": (
        lambda: Decoder(
            **SIZES, code_size=5, hidden_size=7, full_features=4, resized=True, modulated=True
        ),
        [ROWS],
    ),
    "generator_with_even_fills": (
        lambda: Decoder(**SIZES, code_size=5, hidden_size=7, even_fills=20.0), [ROWS]
    ),
    "projected": (
        lambda: ProjectedDiscriminator(
            image_size=8, stages=(1, 2), channels=4, features=5, seed=5
        ),
        [IMAGES],
    ),
    "discriminator": (lambda: Discriminator(**SIZES), [IMAGES]),
    "consortium": (
        lambda: DiscriminatorConsortium(
            image_size=8, levels=(4,), half_patches=2, full_patches=3, seed=5
        ),
        [IMAGES],
    ),
    "consortium_of_halves": (
        lambda: DiscriminatorConsortium(
            image_size=8, levels=(4,), blocks=(2,), half_patches=2, full_patches=3, patch_size=4,
            half_factor=1, seed=5,
        ),
        [IMAGES],
    ),
}  # fmt: skip

ALL = LAYERS | NETWORKS
# Layers that compute in single precision whatever the policy.
SINGLE = {
    "scaled_maps", "code_mixture", "decoder_trunk", "decoder_trunk_of_depths",
    "decoder_trunk_modulated", "edge_avoiding_filter",
}  # fmt: skip
# Rows whose every call draws anew: their seed generators are variables too.
DRAWING = {"consortium", "consortium_of_halves", "code_mixture"}
# What networks saved by earlier versions do not name, and what it is for them.
ADDED = {
    "keep_width": False, "patch_size": None, "half_factor": 2, "pretrained": None,
    "pretrained_stages": (2, 3, 4, 5, 6), "pretrained_resolution": 192,
    "full_features": 0, "resized": False, "modulated": False, "even_fills": 0.0,
}  # fmt: skip
