from tests.calls import call
from tests.export.readme import readme_command


def test_a_folder_without_a_trained_run_is_refused_with_the_remedy(tmp_path):
    process = call(*readme_command("export/export_models.py", workdir=tmp_path / "absent"))
    assert process.returncode == 2
    complaint = process.stderr.splitlines()[-1]
    assert "absent holds no trained run" in complaint
    assert "anime-style train --config=... " in complaint
    assert not (tmp_path / "absent").exists()
