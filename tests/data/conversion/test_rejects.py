import pytest

from anime_style_tf.data.conversion.journal import Journal
from anime_style_tf.data.conversion.rejects import apply_rejects, read_rejects, unmatched_rejects


@pytest.fixture
def database(tmp_path):
    """Two pictures whose names differ in case, one with two faces, one without any."""
    faces = {"ann/A.png": 1, "ann/a.png": 1, "ann/Café.png": 2, "ann/none.png": 0}
    with Journal(tmp_path / "journal.sqlite", {}) as journal:
        with journal.transaction():
            for name, count in faces.items():
                journal.put(
                    {"input": 0, "reference": name, "artist": "ann", "work_id": name},
                    [
                        {"number": n, "image_png": b"i", "coverage_png": b"c", "face": "{}",
                         "fingerprint": b"f"} for n in range(count)
                    ],
                )  # fmt: skip
        yield journal.database


def rejected(database):
    return database.execute(
        "SELECT w.reference, p.number FROM portrait p JOIN work w ON w.id = p.work "
        "WHERE p.dropped IS NOT NULL ORDER BY 1, 2"
    ).fetchall()


def test_a_reject_names_the_file_that_is_written_so_and_else_those_that_read_so(database):
    apply_rejects(database, {("ann/A.png", None), ("ann/cafe\u0301.PNG", 1)})
    assert rejected(database) == [("ann/A.png", 0), ("ann/Café.png", 1)]
    assert database.execute("SELECT reference FROM work WHERE verdict = 'rejected'").fetchall() == [
        ("ann/A.png",)
    ]


def test_rejects_that_name_no_file_or_no_face_are_told(database):
    rejects = {
        ("ann/A.png", None), ("ann/Café.png", 1), ("ann/Café.png", 2), ("ann/none.png", 0),
        ("bob/1.png", None), ("bob/2.png", 3),
    }  # fmt: skip
    assert unmatched_rejects(database, rejects) == [
        "ann/Café.png, face 2", "bob/1.png", "bob/2.png, face 3"
    ]  # fmt: skip


def test_a_reject_may_name_a_file_whose_name_is_no_utf_8(tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_bytes(b"source,face\nann/\xff\xfe.png,\nann/\xe7\xb5\xb5.png,1\n")
    assert read_rejects(path) == {("ann/\udcff\udcfe.png", None), ("ann/絵.png", 1)}
