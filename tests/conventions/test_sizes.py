from tests.conventions.sources import ROOT, functions, lines_of, own_files, package_files


def lengths(paths):
    """Lines of each function, by `(file, function)`."""
    return {(str(path), node.name): lines_of(node) for path in paths for node in functions(path)}


def test_a_file_has_at_most_300_lines():
    lines = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in own_files()
    }
    assert {path: count for path, count in lines.items() if count > 300} == {}


def test_a_function_has_at_most_60_lines():
    assert {name: count for name, count in lengths(own_files()).items() if count > 60} == {}


def test_a_train_step_has_at_most_20_lines():
    steps = {
        name: count for name, count in lengths(package_files()).items() if name[1] == "train_step"
    }
    assert steps
    assert {name: count for name, count in steps.items() if count > 20} == {}


def test_the_command_file_has_at_most_50_lines():
    command = (ROOT / "anime_style_tf/__main__.py").read_text(encoding="utf-8")
    assert len(command.splitlines()) <= 50
