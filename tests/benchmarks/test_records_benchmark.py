"""The records benchmark: its pictures, its watch over processes, its figures, a tiny run."""

import json
import sys

import numpy as np
import pytest

from anime_style_tf.data.conversion.rendering import Settings, render
from anime_style_tf.data.sources import SOURCES
from anime_style_tf.errors import InputError
from benchmarks import processes, records_figures, records_pictures
from benchmarks.contenders import limit
from tests.benchmarks.commands import run

ALLOCATE = "import time; block = b'x' * ({mib} << 20); time.sleep(1)"


def runs(contender, *, few, quarter, full):
    """Runs of 40, 100 and 400 pictures, each given as (seconds, CPU seconds, MiB, MiB)."""
    keys = ("seconds", "cpu_seconds", "main_mib", "workers_mib")
    return [
        {"contender": contender, "count": count, **dict(zip(keys, figures, strict=True))}
        for count, figures in ((40, few), (100, quarter), (400, full))
    ]


ROWS = records_figures.summarize(
    [
        *runs("limit", few=(1, 1, 10, 20), quarter=(1, 1, 10, 20), full=(4, 4, 10, 20)),
        *runs("ours", few=(2, 2, 50, 60), quarter=(3, 3, 50, 60), full=(5, 8, 52, 61)),
        *runs("ours", few=(3, 3, 51, 60), quarter=(3, 3, 51, 60), full=(8, 9, 51, 66)),
        *runs("dataset_tool", few=(1, 1, 5, 0), quarter=(4, 4, 5, 0), full=(10, 9, 5, 0)),
        *runs("tfds", few=(4, 4, 70, 0), quarter=(9, 9, 80, 0), full=(20, 25, 90, 0)),
    ],
    few=40,
    count=400,
)


def test_a_picture_depends_on_its_artist_and_number_alone():
    first, again, other = (
        np.asarray(records_pictures.draw(*which)) for which in ((3, 7), (3, 7), (3, 8))
    )

    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or (first != other).any()


def test_pictures_are_of_the_promised_sizes():
    sides = [side for number in range(8) for side in records_pictures.draw(0, number).size]

    assert min(sides) >= 256
    assert max(sides) <= 768


def test_pictures_are_shared_among_artists_and_formats_and_kept(tmp_path):
    folder = records_pictures.make_pictures(tmp_path / "all", 40, ["jpeg", "webp"])
    files = sorted(folder.rglob("*.*"))
    starts = {file.suffix: file.read_bytes()[:4] for file in files}
    times = [file.stat().st_mtime_ns for file in files]
    records_pictures.make_pictures(tmp_path / "all", 40, ["jpeg", "webp"])

    assert len(files) == 40
    assert [len(list(artist.iterdir())) for artist in folder.iterdir()] == [2] * 20
    assert starts == {".jpeg": b"\xff\xd8\xff\xe0", ".webp": b"RIFF"}
    assert [file.stat().st_mtime_ns for file in files] == times


def test_some_of_the_pictures_are_the_first_of_each_artist(tmp_path):
    everything = records_pictures.make_pictures(tmp_path / "all", 60, ["png"])
    some = records_pictures.link_some(everything, tmp_path / "some", 20)

    names = sorted(file.relative_to(some).as_posix() for file in some.rglob("*.*"))
    assert names == [f"artist-{artist:02d}/00000.png" for artist in range(20)]


@pytest.mark.parametrize("size", [64, 256])
def test_the_limit_makes_as_many_bytes_as_ours(tmp_path, size):
    folder = records_pictures.make_pictures(tmp_path / "all", 40, ["jpeg", "png"])
    artwork, *_ = SOURCES["folder"](path=str(folder)).artworks()
    (portrait,) = render(artwork, Settings(image_size=size, detector="none")).portraits

    bare = limit.convert(folder / artwork.reference, size)
    assert bare == len(portrait.image_png) + len(portrait.coverage_png)


def test_a_process_is_timed_and_its_memory_is_told_from_that_of_its_workers():
    worker = [sys.executable, "-c", ALLOCATE.format(mib=80)]
    program = f"import subprocess; print('done'); subprocess.run({worker!r}, check=True)"
    done = processes.run([sys.executable, "-c", program])

    assert done.output == "done\n"
    assert 1 <= done.seconds < 20
    assert done.main_mib < 60
    assert 80 <= done.workers_mib < 140


def test_a_process_that_fails_is_reported_with_what_it_wrote():
    with pytest.raises(InputError, match=r"exit code 3: no disk left"):
        processes.run(
            [
                sys.executable,
                "-c",
                "import sys; print('no disk left', file=sys.stderr); sys.exit(3)",
            ]
        )


def test_the_best_run_gives_the_speeds_and_the_worst_the_memory():
    ours = ROWS["ours"]

    assert ours["images_per_second"] == 400 / 5
    assert ours["seconds_for_few"] == 2
    assert ours["images_per_second_after_start"] == 360 / 3
    assert ours["cpu_ms_per_image_after_start"] == pytest.approx(6000 / 360)
    assert ours["main_mib"] == [51, 52]
    assert ours["workers_mib"] == [60, 66]


def test_ours_is_compared_with_the_faster_peer_and_the_limit():
    ratios = records_figures.ratios(ROWS)

    assert ratios["images_per_second"] == {"over_faster_peer": 2, "share_of_limit": 0.8}
    assert ratios["images_per_second_after_start"] == {"over_faster_peer": 3, "share_of_limit": 1}


def test_peers_may_be_missing():
    rows = {name: ROWS[name] for name in ("limit", "ours")}

    assert records_figures.ratios(rows)["images_per_second"]["over_faster_peer"] is None
    assert records_figures.table(64, rows, 40, 400)[-2:] == [
        "images_per_second: ours is 80% of the limit",
        "images_per_second_after_start: ours is 100% of the limit",
    ]


@pytest.mark.slow
def test_the_command_measures_ours_and_the_limit_and_prints_a_table(tmp_path):
    flags = ["--count=160", "--sizes=16", "--repeats=1", f"--pictures={tmp_path / 'pictures'}"]
    output = tmp_path / "records.json"
    done = run("records", *flags, f"--output={output}")

    content = json.loads(output.read_text())
    counts = [(run["contender"], run["report"]["pictures"]) for run in content["runs"]]
    assert counts == [(name, count) for count in (40, 160) for name in ("limit", "ours")]
    assert "16 px, 160 files" in done.stdout
    assert "left out: dataset_tool, tfds" in done.stderr
    assert list((tmp_path / "pictures").glob("output*")) == []


def test_a_count_that_does_not_divide_among_the_artists_is_refused():
    ended = run("records", "--count=170", code=2)
    assert ended.stderr.startswith("error: --count: expected a multiple of 80")
