import pytest

from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.errors import InputError


def test_a_plan_takes_the_split_of_the_set_in_its_output_unless_another_is_named(tmp_path):
    assert Plan(source=None, output=str(tmp_path)).earlier_folder == tmp_path
    other = tmp_path / "other"
    assert Plan(source=None, output=tmp_path, previous=str(other)).earlier_folder == other


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shards": 0}, "shards: expected at least 1, received 0"),
        ({"workers": -1}, "workers: expected at least 1, received -1"),
        ({"append": True, "overwrite": True}, "expected one of them, received both; choose"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        Plan(source=None, output=tmp_path, **options)
