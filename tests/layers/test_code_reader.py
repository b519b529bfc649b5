import keras
import numpy as np

from anime_style_tf.layers.code_reader import CodeReader


def test_it_learns_to_name_artists_that_no_line_separates():
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(400, 2)).astype("float32")
    artists = (codes.prod(axis=1) > 0).astype("int32")
    keras.utils.set_random_seed(0)
    reader = CodeReader(2, hidden_size=32)
    model = keras.Sequential([keras.Input((2,)), reader])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-2), loss=loss)
    model.fit(codes, artists, epochs=15, batch_size=50, verbose=0)
    others = rng.normal(size=(400, 2)).astype("float32")
    said = model.predict(others, verbose=0).argmax(axis=1)
    assert np.mean(said == (others.prod(axis=1) > 0)) > 0.9


def test_it_stays_in_single_precision_under_a_mixed_policy_and_comes_back_from_its_configuration():
    keras.config.set_dtype_policy("mixed_bfloat16")
    reader = CodeReader(3, hidden_size=8)
    logits = reader(np.ones((4, 5), "float32"))
    assert logits.shape == reader.compute_output_shape((4, 5)) == (4, 3)
    assert logits.dtype == "float32"
    again = CodeReader.from_config(reader.get_config())
    assert again.get_config() == reader.get_config()
