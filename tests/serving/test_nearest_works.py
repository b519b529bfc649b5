import numpy as np
import tensorflow as tf

from anime_style_tf.search import StyleIndex
from anime_style_tf.serving.nearest_works import MOST, NearestWorks


def test_works_and_distances_are_those_of_the_index_ties_included():
    chance = np.random.default_rng(3)
    codes = chance.integers(-2, 3, (60, 3)).astype("float32")  # many works at one place
    identities = [f"work {number % 50}#{number}" for number in chance.permutation(60)]
    artists = [f"artist {number % 7}" for number in range(60)]
    queries = np.concatenate([codes[:5], chance.normal(size=(5, 3))]).astype("float32")
    index = StyleIndex(codes, identities, artists)
    near = index.nearest(queries, MOST)
    answer = tf.function(NearestWorks(codes, identities, artists))(tf.cast(queries, tf.float64))
    rows = near.rows
    works = [[name.decode() for name in row] for row in answer["works"].numpy()]
    assert works == np.array(identities, object)[rows].tolist()
    named = [[name.decode() for name in row] for row in answer["artists"].numpy()]
    assert named == np.array(artists, object)[rows].tolist()
    np.testing.assert_allclose(answer["distances"], near.distances, rtol=1e-6)


def test_fewer_works_than_an_answer_holds_are_all_given():
    works = NearestWorks(np.eye(3, dtype="float32"), ["a", "b", "c"], ["A", "B", "C"])
    assert works.count == 3
    assert works(tf.zeros([2, 3], tf.float64))["works"].shape == (2, 3)
