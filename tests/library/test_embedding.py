import pathlib

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.library.embedding import StyleCoder, column_table, embed
from anime_style_tf.library.portrait_sources import PicturedPortraits, RecordedPortraits
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.lock import locked
from tests.data.drawings import Drawings
from tests.data.finished_sets import flip
from tests.stages.searchable import make_run

README = pathlib.Path(__file__).parents[2] / "export" / "README.md"


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def coder(workdir):
    return StyleCoder(workdir)


class Killed(BaseException):
    pass


class Mortal:
    """A coder that dies at its batch number `at`, and counts what it embeds."""

    def __init__(self, coder, at=None):
        self.coder, self.at, self.batches, self.images = coder, at, 0, 0
        self.origin, self.code_size = coder.origin, coder.code_size

    def __call__(self, images):
        if self.batches == self.at:
            raise Killed
        self.batches += 1
        self.images += len(images)
        return self.coder(images)


def done(coder, workdir, output, **options):
    portraits = RecordedPortraits(workdir / "records")
    return embed(portraits, coder, output, batch_size=4, progress=False, **options)


def test_codes_are_the_encoders_first_dimensions_on_the_records_in_their_order(
    coder, workdir, tmp_path
):
    assert done(coder, workdir, tmp_path / "x.parquet") == (25, [])
    table = pq.read_table(tmp_path / "x.parquet")
    encoder = networks.load_network(workdir / "style" / "style_encoder.keras")
    trained = RecordedPortraits(workdir / "records")
    images = np.stack(trained.images(range(25)))
    expected = networks.over_images(encoder, images)[:, :2]
    np.testing.assert_allclose(table["code"].to_pylist(), expected, atol=1e-6)
    assert table.schema.field("code").type == pa.list_(pa.float32(), 2)
    assert table["record"].to_pylist() == list(range(25))
    assert table["split"].to_pylist() == ["train"] * 19 + ["test"] * 6
    assert table.schema.metadata[b"code_size"] == b"2"
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


@pytest.mark.parametrize("batches", [0, 1, 3, 6])
def test_a_killed_run_goes_on_and_leaves_the_same(coder, workdir, tmp_path, batches):
    done(coder, workdir, tmp_path / "whole.parquet")
    output = tmp_path / "x.parquet"
    with pytest.raises(Killed):
        done(Mortal(coder, batches), workdir, output, save_seconds=0)
    assert not output.exists()
    second = Mortal(coder)
    done(second, workdir, output, save_seconds=0)
    assert second.images == 25 - 4 * batches
    assert pq.read_table(output).equals(pq.read_table(tmp_path / "whole.parquet"))
    assert len(list(tmp_path.iterdir())) == 2


def test_what_another_encoder_has_begun_is_begun_anew(coder, workdir, tmp_path):
    with pytest.raises(Killed):
        done(Mortal(coder, 3), workdir, tmp_path / "x.parquet", save_seconds=0)
    other = Mortal(StyleCoder(make_run(tmp_path / "other", seed=1)))
    done(other, workdir, tmp_path / "x.parquet")
    assert other.images == 25


def test_what_cannot_be_used_is_listed_and_the_rest_goes_on(coder, tmp_path):
    faults = {("ann", 2): "damaged", ("bob", 0): "damaged"}
    source = Drawings({"ann": 5, "bob": 4}, faults)
    portraits = PicturedPortraits(source, {"image_size": 16}, workers=1)
    count, aside = embed(portraits, coder, tmp_path / "x.parquet", batch_size=3, progress=False)
    assert count == 7
    assert aside == [
        ("ann no. 2", "unreadable: scribbled over"),
        ("bob no. 0", "unreadable: scribbled over"),
    ]
    lines = (tmp_path / "x.parquet.quarantine.csv").read_text().splitlines()
    assert lines[:2] == ['"source","reason"', '"ann no. 2","unreadable: scribbled over"']
    table = pq.read_table(tmp_path / "x.parquet")
    assert table["work_id"].to_pylist() == [
        "ann/0", "ann/1", "ann/3", "ann/4", "bob/1", "bob/2", "bob/3",
    ]  # fmt: skip
    assert table["code"].null_count == 0
    assert table["record"].null_count == 7


def test_a_damaged_record_is_set_aside(coder, tmp_path):
    workdir = make_run(tmp_path / "run")
    flip(next((workdir / "records").glob("train-*")), 40)
    count, ((source, reason),) = done(coder, workdir, tmp_path / "x.parquet")
    assert count == 24
    assert source == "train-00000-of-00001.tfrecord, record 0"
    assert reason.startswith("damaged: ")


def test_two_do_not_write_one_file(coder, workdir, tmp_path):
    with (
        locked(tmp_path / ".x.parquet.parts"),
        pytest.raises(InputError, match="is being written"),
    ):
        done(coder, workdir, tmp_path / "x.parquet")
    with pytest.raises(InputError, match="must be a file, received the folder"):
        done(coder, workdir, tmp_path)


def test_the_readmes_table_of_columns_is_that_of_the_code():
    assert column_table() in README.read_text("utf-8")
