import numpy as np

from anime_style_tf import attribution


def test_the_arrays_give_the_distances_and_the_familiarity_of_the_calibration_works(known, world):
    codes, _ = world.works(3, seed=40)
    arrays = attribution.answering_arrays(known)
    points = (codes - arrays["center"]) @ arrays["basis"]
    squares = points**2 @ arrays["precisions"] - 2 * points @ arrays["pulls"] + arrays["offsets"]
    expected, log_volumes = known.distances(codes)
    np.testing.assert_allclose(squares, expected, atol=1e-9)
    np.testing.assert_allclose(arrays["log_volumes"], log_volumes)
    familiar = np.sort(known.familiarity(known.calibration_codes))
    np.testing.assert_allclose(arrays["familiar"], familiar)


def test_only_measured_artists_have_means_to_be_like(known, world):
    enrolled = known.enroll("new", world.works(4, seed=41, artists=[9])[0])
    arrays = attribution.answering_arrays(enrolled)
    assert arrays["measured"].tolist() == [*[True] * len(known.names), False]
    assert len(arrays["means"]) == len(known.names)
    assert arrays["precisions"].shape[1] == len(enrolled.names) + 1
