import json

import numpy as np
import pytest
from scipy.spatial import distance

from anime_style_tf.errors import InputError
from anime_style_tf.library.index_folder import open_index
from tests.stages.searchable import make_index, make_run


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    workdir = make_run(tmp_path_factory.mktemp("run"))
    make_index(workdir)
    return workdir


def test_the_stage_says_what_it_left_and_how_to_look_at_it(workdir):
    codes, look, lacks = make_index(workdir)
    assert lacks.startswith("an attribution needs 2 artists and 7 test works in the half")
    assert codes == (f"{workdir}/index/embeddings.parquet: 25 portraits by 3 artists, 2 dimensions")
    assert look.startswith("look at 10 of them: ")
    assert look.endswith(f"python -m tensorboard.main --logdir={workdir}/index/projector")
    left = {path.name for path in (workdir / "index").iterdir()}
    assert left == {"embeddings.parquet", "index.json", "projector"}


def test_the_description_names_encoder_counts_and_distance(workdir):
    info = json.loads((workdir / "index" / "index.json").read_text())
    assert len(info["encoder_sha256"]) == 64
    assert (info["portraits"], info["artists"], info["code_size"]) == (25, 3, 2)
    assert info["splits"] == {"train": 19, "test": 6}
    assert info["distance"].startswith("Euclidean distance between the first k_S dimensions")
    assert info["shown_in_projector"] == 10
    assert info["cascade_cost"]["count"] == 25


@pytest.mark.parametrize("backend", [None, "exact", "cascaded"])
def test_an_opened_index_finds_what_a_table_of_distances_finds(workdir, backend):
    index, table, info = open_index(workdir, backend=backend)
    away = distance.cdist(table["code"].astype(float), table["code"].astype(float))
    found = index.nearest(table["code"], 4)
    np.testing.assert_array_equal(found.rows, np.argsort(away, axis=1)[:, :4])
    assert (found.rows[:, 0] == np.arange(25)).all()
    assert info["search"] == {"backend": "exact"}
    assert set(table["artist"]) == {"ann", "bob", "cat"}


def test_an_index_of_another_encoder_or_other_records_is_refused(tmp_path):
    workdir = make_run(tmp_path)
    with pytest.raises(
        InputError, match=r"has no index: expected index/index\.json; run .*anime-style train"
    ):
        open_index(workdir)
    make_index(workdir)
    for name in ("style/style_encoder.keras", "records/info.json"):
        kept = (workdir / name).read_bytes()
        (workdir / name).write_bytes(b"another")
        with pytest.raises(InputError, match=r"is out of date: expected .* --overwrite"):
            open_index(workdir)
        (workdir / name).write_bytes(kept)
    open_index(workdir)


@pytest.mark.parametrize("name", ["embeddings.parquet", "index.json"])
def test_a_damaged_index_says_how_to_make_it_again(tmp_path, name):
    workdir = make_run(tmp_path)
    make_index(workdir)
    (workdir / "index" / name).write_bytes(b"{")
    with pytest.raises(InputError, match=rf"{name} is (missing or )?damaged"):
        open_index(workdir)


def test_a_folder_that_is_not_there_is_no_run(tmp_path):
    with pytest.raises(InputError, match=r"expected the folder of a run, received .*no folder"):
        open_index(tmp_path / "gone")


def test_a_backend_that_is_not_there_is_refused_before_anything_is_embedded(tmp_path):
    workdir = make_run(tmp_path)
    with pytest.raises(InputError, match="expected one of exact, cascaded, received 'hnsw'"):
        make_index(workdir, backend="hnsw")
    assert list((workdir / "index").iterdir()) == []
