import json
import shlex

from anime_style_tf.stages.summary import summary


def test_results_come_first_then_what_can_be_typed_of_the_stages_that_ran(tmp_path):
    for name, left in (("evaluate", ["metrics.json", "accuracy 1"]), ("explore", [])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "done.json").write_text(json.dumps({"left": left}))
    lines = summary(tmp_path, ["style", "evaluate", "explore"], warning="all noise")
    assert lines == [
        "      mind  all noise",
        "   numbers  metrics.json",
        "   numbers  accuracy 1",
        f"  pictures  {tmp_path / 'explore'}",
    ]


def test_a_run_with_an_index_ends_with_three_commands(tmp_path):
    workdir = tmp_path / "my run"
    (workdir / "index").mkdir(parents=True)
    (workdir / "index" / "done.json").write_text('{"left": ["embeddings.parquet"]}')
    result, *commands = summary(workdir, ["records", "style", "index"])
    assert result.split() == ["index", "embeddings.parquet"]
    for line, word in zip(commands, ("query", "enroll", "embed"), strict=True):
        words = shlex.split(line)
        assert words[0] == "next"
        assert {word, f"--workdir={workdir}"} <= set(words)
