import os
import subprocess
import sys

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.workdir.lock import LOCK_NAME, locked


def test_a_second_run_in_the_same_folder_is_refused_and_told_who_holds_it(tmp_path):
    with (
        locked(tmp_path),
        pytest.raises(InputError, match=rf"another run \(process {os.getpid()}\)"),
        locked(tmp_path),
    ):
        pass


def test_the_folder_is_free_again_afterwards(tmp_path):
    for _ in range(2):
        with locked(tmp_path / "run"):
            assert (tmp_path / "run").is_dir()


def test_what_a_killed_run_has_left_does_not_stop_the_next(tmp_path):
    program = (
        "import os, signal, sys\n"
        "from anime_style_tf.workdir.lock import locked\n"
        "with locked(sys.argv[1]):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert killed.returncode == -9
    assert (tmp_path / LOCK_NAME).is_file()
    with locked(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_an_input_error(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(InputError, match="expected a folder that can be written"),
        locked(tmp_path / "file"),
    ):
        pass
