import pathlib
import subprocess
import sys

from tests.export.readme import readme_command

ROOT = pathlib.Path(__file__).parents[2]


def run(program, *flags):
    return subprocess.run(
        [sys.executable, str(ROOT / program), *flags],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )


def test_a_folder_without_a_trained_run_is_refused_with_the_remedy(tmp_path):
    process = run(*readme_command("export/export_models.py", workdir=tmp_path / "absent"))
    assert process.returncode == 2
    complaint = process.stderr.splitlines()[-1]
    assert "absent holds no trained run" in complaint
    assert "anime-style train --config=... " in complaint
    assert not (tmp_path / "absent").exists()
