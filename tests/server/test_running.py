import asyncio

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.server.models import one_model
from anime_style_tf.server.running import Server


def test_a_server_with_nothing_that_loads_says_why_and_ends(tmp_path):
    (tmp_path / "half" / "1").mkdir(parents=True)
    (tmp_path / "half" / "1" / "saved_model.pb").write_bytes(b"no graph")
    server = Server(one_model("half", tmp_path / "half"), rest_port=0, grpc_port=0)
    with pytest.raises(InputError, match="nothing to serve: half version 1: DecodeError"):
        asyncio.run(server.run())
