"""What the pages of curves take from `metrics.json`."""

import types

from anime_style_tf.stages.pictures.prefix_curves import content_curve


def test_the_content_curve_says_which_works_and_who_was_trained_on_them():
    split = "every other work of the test split; the VAE is trained on all works"
    errors = {"value": [0.3, 0.1], "interval": [[0.2, 0.1], [0.4, 0.1]], "count": 7, "split": split}
    content = {
        "reconstruction_against_length": errors,
        "prefix_lengths": {"value": [1, 2]},
        "k_C": {"value": 2, "definition": "the fewest that do"},
    }
    page = content_curve(types.SimpleNamespace(metrics={"content": content}))
    texts = [text.get_text() for axes in page.axes for text in axes.texts]
    (caption,) = [text.replace("\n", " ") for text in texts if "Mean squared error" in text]
    assert f"7 images ({split})" in caption
    assert "2, the fewest that do." in caption
