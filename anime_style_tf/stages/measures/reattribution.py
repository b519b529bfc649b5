"""Re-attribution of generated images, by judges that the generator never saw and by the one it did.

The generator is trained until the style encoder reads the style asked for, so that encoder's own
verdict says only that training worked. Whether the images *are* in an artist's style is for judges
who had no part in it, each measured on works of the artists too: none can say more of generated
images than it can of those.
"""

import numpy as np

from anime_style_tf.evaluation.floors import gradients_and_patterns
from anime_style_tf.evaluation.prefixes import nearest_styles
from anime_style_tf.evaluation.reattribution import Reattribution, nearest_labels
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.workdir import networks

JUDGES = {
    "by_classifier": "the run's reference classifier, by its logits on the whole code (the "
    "generator never saw it)",
    "by_hand_made_features": "the nearest of {gallery} training works in the features "
    "gradients_and_patterns, HOG and LBP (the generator never saw them)",
    "by_style_encoder_trained_through": "the nearest mean style of an artist, by the style encoder "
    "that the generator was trained through and that so grades its own pupil",
}
_SPLITS = {
    "share": "generated: mean style of an artist, random content",
    "share_with_works_content": "generated: mean style of an artist, content of a test work, on "
    "which VAE and GAN were trained",
}
_AT_ONCE = 500  # images whose features are in memory


def measure_reattribution(trained, style, *, seed=0, images_per_artist=40):
    """Whether images generated in an artist's style are taken for that artist's.

    Args:
        trained: `Trained`.
        style: `StyleCodes`.
        seed: of the content and free codes.
        images_per_artist: how many are generated for each; raising it narrows the interval.

    Returns:
        Dictionary judge of `JUDGES` -> measurements; and `chance`, and the names `artists`.
    """
    means = trained.artists["mean_styles"]
    asked = np.repeat(np.arange(len(means)), images_per_artist)
    generator = np.random.default_rng((seed, 2))
    content = generator.standard_normal((len(asked), trained.content_encoder.code_size))
    free = generator.standard_normal((len(asked), trained.free_size))
    _, of_works = trained.encode(style.works.images)
    of_works = of_works[generator.integers(len(of_works), size=len(asked))]
    judges = _judges(trained, style.gallery_works)
    result = {name: {} for name in JUDGES}
    for share, contents in zip(_SPLITS, (content, of_works), strict=True):
        images = trained.generate(means[asked], contents, free)
        for name, (judge, goes_by) in judges.items():
            found = Reattribution(asked, judge(images), len(means))
            result[name] |= _verdict(share, found, goes_by, _SPLITS[share])
    for name, (judge, goes_by) in judges.items():
        found = Reattribution(style.works.labels, judge(style.works.images), len(means))
        result[name]["test_works"] = _share(
            found, f"share of test works that this judge takes for their own artist's: {goes_by}; "
            "it can say no more of generated images", style.about["split"],
        )  # fmt: skip
    chance = measurement(1 / len(means), definition="one in the number of artists")
    return result | {"chance": chance, "artists": trained.records.artists}


def _judges(trained, gallery):
    """Judge -> function from images, sRGB uint8 or in [0, 1], to artists; and what it goes by."""
    classifier = trained.network("style", "classifier_encoder")
    kernel, bias = (trained.artists[f"classifier_{part}"] for part in ("kernel", "bias"))
    features = gradients_and_patterns(gallery.images)

    def by_classifier(images):
        return np.argmax(networks.over_images(classifier, images) @ kernel + bias, axis=1)

    def by_hand_made_features(images):
        parts = (images[i : i + _AT_ONCE] for i in range(0, len(images), _AT_ONCE))
        return np.concatenate(
            [
                nearest_labels(gradients_and_patterns(_as_uint8(part)), features, gallery.labels)
                for part in parts
            ]
        )

    def by_style_encoder(images):
        codes, _ = trained.encode(images)
        return nearest_styles(codes, trained.artists["mean_styles"], [codes.shape[1]])[:, 0]

    functions = (by_classifier, by_hand_made_features, by_style_encoder)
    texts = [text.format(gallery=len(gallery.labels)) for text in JUDGES.values()]
    return dict(zip(JUDGES, zip(functions, texts, strict=True), strict=True))


def _as_uint8(images):
    return images if images.dtype == np.uint8 else np.round(255 * images).astype(np.uint8)


def _verdict(name, found, goes_by, split):
    confusion = name.replace("share", "confusion")
    return {
        name: _share(
            found, f"share of generated images taken for those of the artist asked for: {goes_by}",
            split,
        ),
        confusion: measurement(
            found.confusion,
            definition="rows: artist asked for; columns: artist found, in the records' order",
            count=len(found.asked), split=split,
        ),
    }  # fmt: skip


def _share(found, definition, split):
    return measurement(
        found.share, interval=found.interval(),
        definition=f"{definition}; 95 % Wilson interval over images, for "
        "other images in the style of these artists",
        count=len(found.asked), split=split,
    )  # fmt: skip
