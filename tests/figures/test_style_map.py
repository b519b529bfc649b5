"""The map of artists: one scale, names that can be read, nothing that is not there."""

import types

import numpy as np
import pytest

from anime_style_tf.figures.style_map import style_map


def chart(artists, works=4, seed=0):
    """A map of random artists as `evaluation.style_map` gives it, and its labels and names."""
    generator = np.random.default_rng(seed)
    labels = np.repeat(np.arange(artists), works)
    means = generator.normal(size=(artists, 2)) * (4, 1)
    made = types.SimpleNamespace(
        works=means[labels] + generator.normal(size=(len(labels), 2)) * 0.2,
        means=means,
        presumed=means * 1.1,
        covariances=np.tile(np.diag([0.09, 0.04]), (artists, 1, 1)),
        counts=np.bincount(labels),
        shares=np.array([0.5, 0.25]),
        work_shares=np.array([0.4, 0.2]),
    )
    return made, labels, [f"artist {artist}" for artist in range(artists)]


def with_gid(page, gid):
    return [child for child in page.figure.axes[1].get_children() if child.get_gid() == gid]


def test_both_axes_have_one_scale(drawn):
    for artists in (2, 9, 70):
        page = drawn(style_map(*chart(artists)))
        transform = page.figure.axes[1].transData
        (x0, y0), (x1, y1) = transform.transform([(0, 0), (1, 1)])
        assert x1 - x0 == pytest.approx(y1 - y0, rel=0.01)


def test_everything_lies_on_the_map(drawn):
    made, labels, names = chart(9)
    made.works[0] = (30, -20)
    axes = drawn(style_map(made, labels, names)).figure.axes[1]
    (left, right), (below, above) = axes.get_xlim(), axes.get_ylim()
    points = np.concatenate([made.works, made.means, made.presumed])
    assert np.all((points > (left, below)) & (points < (right, above)))


def test_each_artist_has_its_two_marks_joined_by_a_line(drawn):
    made, labels, names = chart(5)
    page = drawn(style_map(made, labels, names))
    (means,), (presumed,) = with_gid(page, "means"), with_gid(page, "presumed")
    np.testing.assert_allclose(means.get_offsets(), made.means)
    np.testing.assert_allclose(presumed.get_offsets(), made.presumed)
    (lines,) = with_gid(page, "shift")
    joined = np.stack([made.means, made.presumed], axis=1)
    np.testing.assert_allclose(lines.get_segments(), joined)


def test_an_ellipse_reaches_one_standard_deviation(drawn):
    made, labels, names = chart(3)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    made.covariances[1] = turn @ np.diag([0.25, 0.01]) @ turn.T
    ellipse = with_gid(drawn(style_map(made, labels, names)), "spread")[1]
    np.testing.assert_allclose((ellipse.width, ellipse.height), (1, 0.2))
    np.testing.assert_allclose(np.tan(np.deg2rad(ellipse.angle)), 0.6 / 0.8)
    np.testing.assert_allclose(ellipse.center, made.means[1])


def test_names_hide_neither_each_other_nor_a_mark(drawn):
    made, labels, names = chart(40)
    page = drawn(style_map(made, labels, names))
    written = with_gid(page, "name")
    assert len(written) > 30
    boxes = [text.get_window_extent(page.renderer) for text in written]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    points = page.figure.axes[1].transData.transform(np.concatenate([made.means, made.presumed]))
    assert not any(box.count_contains(points) for box in boxes)


def test_of_many_artists_only_the_largest_are_named_and_ellipses_are_left_out(drawn):
    made, labels, names = chart(1000)
    made.counts[:] = 4
    made.counts[[7, 500]] = 9
    page = drawn(style_map(made, labels, names, named=2))
    assert sorted(page.texts("name")) == ["artist 500", "artist 7"]
    assert with_gid(page, "spread") == with_gid(page, "presumed") == []
    assert "the 2 artists with the most works" in page.caption()


def test_an_artist_without_works_is_neither_drawn_nor_named(drawn):
    made, labels, names = chart(4)
    made.means[2] = made.covariances[2] = np.nan
    made.counts[2] = 0
    made.works, labels = made.works[labels != 2], labels[labels != 2]
    page = drawn(style_map(made, labels, names))
    assert page.title() == "Style map · 3 artists"
    assert "artist 2" not in page.texts("name")
    assert len(with_gid(page, "shift")[0].get_segments()) == 3


def test_the_page_says_how_much_of_the_variance_is_seen(drawn):
    page = drawn(style_map(*chart(6), split="training"))
    assert "75 % of the variance of the 6 artists' means and 60 % of that of the 24 works" in (
        page.caption()
    )
    assert "training split" in page.caption()
    assert page.figure.axes[1].get_xlabel().startswith("axis 1: 50 %")
    assert page.text_lies_within_the_page()


def test_a_map_that_is_a_line_or_a_point_can_be_drawn(drawn):
    made, labels, names = chart(3)
    made.works[:, 1] = made.means[:, 1] = made.presumed[:, 1] = 0
    made.covariances[:] = 0
    drawn(style_map(made, labels, names))
    made.works[:], made.means[:], made.presumed[:] = 0, 0, 0
    drawn(style_map(made, labels, names))


def test_names_and_labels_of_others_are_an_error():
    made, labels, names = chart(3)
    with pytest.raises(ValueError, match="3 names"):
        style_map(made, labels, names[:2])
    with pytest.raises(ValueError, match="12 labels"):
        style_map(made, labels[:5], names)
