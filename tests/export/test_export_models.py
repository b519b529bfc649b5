import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]


def run(*arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "export" / "export_models.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )


def test_a_folder_without_a_trained_run_is_refused_with_the_remedy(tmp_path):
    process = run(f"--workdir={tmp_path / 'absent'}")
    assert process.returncode == 2
    complaint = process.stderr.splitlines()[-1]
    assert "absent holds no trained run" in complaint
    assert "python -m anime_style_tf" in complaint
    assert not (tmp_path / "absent").exists()
