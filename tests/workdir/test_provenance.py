import importlib.metadata
import json
import subprocess
import sys

import pytest
from ml_collections import ConfigDict

import anime_style_tf
from anime_style_tf.errors import InputError
from anime_style_tf.workdir import provenance


def test_differing_keys_are_named_by_their_dotted_paths():
    ours = {"seed": 1, "fit": {"steps": 3, "levels": [1, 2], "rate": 1.0}, "same": None}
    theirs = {"seed": 1, "fit": {"steps": 4, "levels": [1, 2, 3]}, "same": None, "new": True}
    found = provenance.differing_keys(ours, theirs)
    assert found == ["fit.levels", "fit.rate", "fit.steps", "new"]


def test_true_is_not_one():
    assert provenance.differing_keys({"flip": True}, {"flip": 1}) == ["flip"]


def test_a_plain_configuration_is_what_its_json_gives_back():
    settings = ConfigDict({"levels": (1, 2), "fit": {"steps": 3}})
    plain = provenance.plain(settings)
    assert plain == {"levels": [1, 2], "fit": {"steps": 3}}
    assert provenance.differing_keys(plain, json.loads(json.dumps(plain))) == []


def test_a_json_file_is_read_as_it_was_written_and_nothing_else_is_left(tmp_path):
    provenance.write_json(tmp_path / "values.json", {"a": [1, 2.5, None]})
    assert provenance.read_json(tmp_path / "values.json") == {"a": [1, 2.5, None]}
    assert [path.name for path in tmp_path.iterdir()] == ["values.json"]


def test_a_failed_write_leaves_the_old_file(tmp_path):
    provenance.write_json(tmp_path / "values.json", {"a": 1})
    with pytest.raises(TypeError):
        provenance.write_json(tmp_path / "values.json", {"a": object()})
    assert provenance.read_json(tmp_path / "values.json") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "damaged: expected JSON"),
        ("[1, 2]", r"damaged: expected an object with a, received \[1, 2\]"),
        ('{"b": 1}', "damaged: expected an object with a, received {'b': 1}"),
    ],
)
def test_a_damaged_file_is_named_with_what_it_lacks(tmp_path, text, message):
    path = tmp_path / "index.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        provenance.read_json(path, keys=("a",))


def test_a_file_that_is_not_there_has_no_content_and_no_checksum(tmp_path):
    assert provenance.read_json(tmp_path / "none.json") is None
    assert provenance.checksum(tmp_path / "none.json") is None


def test_versions_are_those_installed():
    versions = provenance.versions()
    assert versions["numpy"] == importlib.metadata.version("numpy")
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert versions["anime_style_tf"] == anime_style_tf.__version__


def in_a_repository(folder, *, tracked):
    package = folder / "anime_style_tf"
    package.mkdir()
    (package / "__init__.py").write_text("")

    def git(*words):
        identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)

    git("init", "--quiet")
    if tracked:
        git("add", ".")
    git("commit", "--quiet", "--allow-empty", "--message", "first")
    return package / "__init__.py"


def test_the_revision_is_the_commit_and_says_when_files_have_changed(monkeypatch, tmp_path):
    file = in_a_repository(tmp_path, tracked=True)
    monkeypatch.setattr(anime_style_tf, "__file__", str(file))
    commit = provenance.git_revision()
    assert len(commit) == 40
    file.write_text("changed = True\n")
    assert provenance.git_revision() == f"{commit}+changes"


def test_a_repository_that_does_not_track_the_package_is_not_its_revision(monkeypatch, tmp_path):
    file = in_a_repository(tmp_path, tracked=False)
    monkeypatch.setattr(anime_style_tf, "__file__", str(file))
    assert provenance.git_revision() is None
