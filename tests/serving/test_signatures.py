import pytest
import tensorflow as tf

from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.signatures import (
    AXES,
    SAVED_MODELS,
    SIGNATURES,
    concrete_shape,
    markdown_table,
)


def test_every_signature_has_a_function_and_a_saved_model():
    assert all(callable(getattr(Portraits, name)) for name in SIGNATURES)
    assert set(SAVED_MODELS["portraits"]) == set(SIGNATURES)
    assert {name for names in SAVED_MODELS.values() for name in names} == set(SIGNATURES)


def test_the_bundle_and_the_generator_generate_by_default():
    assert SAVED_MODELS["portraits"][0] == SAVED_MODELS["generator"][0] == "generate"


@pytest.mark.parametrize("name", [name for name in SIGNATURES if not name.endswith("_bytes")])
def test_every_signature_with_images_has_a_twin_that_takes_or_gives_files(name):
    plain, twin = SIGNATURES[name], SIGNATURES[f"{name}_bytes"]
    assert twin.computes == plain.computes
    for fields, twins in ((plain.inputs, twin.inputs), (plain.outputs, twin.outputs)):
        for field, file in zip(fields, twins, strict=True):
            assert file == field if "size" not in field.shape else file.dtype == "string"


def test_files_that_come_out_end_in_bytes_as_tensorflow_serving_needs_them_and_texts_do_not():
    outputs = [field for signature in SIGNATURES.values() for field in signature.outputs]
    for field in outputs:
        assert field.name.endswith("_bytes") == ("files" in field.holds)
        assert field.dtype == "string" or not field.name.endswith("_bytes")


def test_every_axis_has_a_meaning_and_every_type_exists():
    for signature in SIGNATURES.values():
        for field in signature.inputs + signature.outputs:
            assert {axis for axis in field.shape if isinstance(axis, str)} <= set(AXES)
            tf.as_dtype(field.dtype)


def test_a_concrete_shape_takes_its_sizes_from_the_model():
    (images,) = SIGNATURES["encode_style"].inputs
    assert concrete_shape(images, {"size": 64}) == (None, 64, 64, 3)


def test_the_markdown_table_has_one_row_for_each_signature():
    assert len(markdown_table().splitlines()) == 2 + len(SIGNATURES)
