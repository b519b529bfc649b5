"""Every command with inputs that are wrong, and what is wrong with them."""

import shutil

import numpy as np
from PIL import Image

from tests.calls import call

MAIN = "anime_style_tf"
SMALL = "--image_size=16 --min_works=3 --test_minimum=1 --workers=1"
RECORDS = "--config=configs/smoke.py:folder --stage=records --workdir={new}"
PATH = "--config.records.source_options.path"

# Command, its words, and what the line that is left must name. The places are made below.
ROWS = [
    (MAIN, "--config=missing.py --workdir={new}", "missing.py"),
    (MAIN, "--config=configs --workdir={new}", "configs"),
    (MAIN, "train --config=dmo --workdir={new}", "demo"),
    (MAIN, "qury --images={pictures}", "query"),
    (MAIN, "--config={file} --workdir={new}", "{file}"),
    (MAIN, "--config=configs/smoke.py", "--workdir"),
    (MAIN, "--config=configs/smoke.py --workdir={file}", "{file}"),
    (MAIN, "--config=configs/smoke.py --workdir={file}/run", "{file}"),
    (MAIN, "--config=configs/smoke.py --workdir={new} --wokdir=x", "wokdir"),
    (MAIN, "--config=configs/smoke.py --workdir={new} --config.seed=many", "config.seed"),
    (MAIN, "--config=configs/smoke.py --workdir={new} --stage=style", "records"),
    (MAIN, f"{RECORDS} {PATH}={{missing}}", "{missing}"),
    (MAIN, f"{RECORDS} {PATH}={{empty}}", "{empty}"),
    (MAIN, f"{RECORDS} {PATH}={{file}}", "{file}"),
    (MAIN, "--config=configs/smoke.py --workdir={damaged_run} --stage=style", "{damaged_run}"),
    ("tfrecords/convert.py", "--input={missing} --output={new}", "{missing}"),
    ("tfrecords/convert.py", "--input={empty} --output={new}", "{empty}"),
    ("tfrecords/convert.py", "--input={file} --output={new}", "{file}"),
    ("tfrecords/convert.py", "--input={pictures} --output={file}/records", "{file}"),
    ("tfrecords/convert.py", "--input={pictures} --output={records} " + SMALL, "{records}"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --otput=x", "otput"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --image_size=many", "image_size"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --image_size=0", "image_size"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --test_fraction=2", "test_frac"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --test_fraction=nan", "test_frac"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --crop_scale=nan", "crop_scale"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --crop_scale=inf", "crop_scale"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --min_likelihood=nan", "min_like"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --shards=-1", "shards"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --opt_out={missing}", "{missing}"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --rejects={empty}", "{empty}"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} --previous={cut_info}", "info"),
    ("tfrecords/convert.py", "--input={file} --output={new} --source=manifest", "{file}"),
    ("tfrecords/convert.py", "--input={missing} --output={new} --source=danbooru", "{missing}"),
    ("tfrecords/convert.py", "--input={pictures} --output={cut_info} --overwrite", "{cut_info}"),
    ("tfrecords/convert.py", "--input={pictures} --output={new} extra", "extra"),
    *(
        (tool, words.format(records=place), fragment)
        for tool, words in (
            ("tfrecords/inspect_records.py", "--records={records}"),
            ("tfrecords/review.py", "--records={records}"),
            ("tfrecords/verify_records.py", "--records={records}"),
            ("tfrecords/diff_records.py", "--before={records} --after={{records}}"),
            ("tfrecords/diff_records.py", "--before={{records}} --after={records}"),
            ("tfrecords/export_records.py", "--records={records} --output={{new}}"),
        )
        for place, fragment in (
            ("{missing}", "{missing}"),
            ("{empty}", "{empty}"),
            ("{file}", "{file}"),
            ("{cut_info}", "info.json"),
            ("{binary_info}", "info.json"),
            ("{wrong_info}", "info.json"),
        )
    ),
    ("tfrecords/inspect_records.py", "--records={no_shard}", "train-00000-of-00001.tfrecord"),
    ("tfrecords/review.py", "--records={no_shard}", "train-00000-of-00001.tfrecord"),
    ("tfrecords/verify_records.py", "--records={no_shard}", "train-00000-of-00001.tfrecord"),
    ("tfrecords/export_records.py", "--records={no_shard} --output={new}", "00001.tfrecord"),
    ("tfrecords/inspect_records.py", "--records={no_index}", "index.npy"),
    ("tfrecords/inspect_records.py", "--records={bad_index}", "index.npy"),
    ("tfrecords/review.py", "--records={bad_index}", "index.npy"),
    ("tfrecords/verify_records.py", "--records={bad_index}", "index.npy"),
    ("tfrecords/verify_records.py", "--records={bad_shard}", "SHA-256"),
    ("tfrecords/verify_records.py", "--records={bad_ledger}", "ledger.parquet"),
    ("tfrecords/diff_records.py", "--before={bad_ledger} --after={records}", "ledger.parquet"),
    ("tfrecords/export_records.py", "--records={bad_ledger} --output={new}", "ledger.parquet"),
    ("tfrecords/export_records.py", "--records={bad_shard} --output={new}", "SHA-256"),
    ("tfrecords/export_records.py", "--records={records} --output={pictures}", "{pictures}"),
    ("tfrecords/export_records.py", "--records={records} --output={file}", "{file}"),
    ("tfrecords/export_records.py", "--records={records} --output={file}/x", "{file}"),
    ("tfrecords/inspect_records.py", "--records={records} --output={file}", "{file}"),
    ("tfrecords/inspect_records.py", "--records={records} --output={file}/x", "{file}"),
    ("tfrecords/inspect_records.py", "--records={records} --columns=0", "columns"),
    ("tfrecords/inspect_records.py", "--records={records} --split=best", "split"),
    ("tfrecords/inspect_records.py", "--recrds={records}", "recrds"),
    ("tfrecords/review.py", "--records={records} --output={file}/page.html", "{file}"),
    ("tfrecords/review.py", "--records={records} --output={empty}", "{empty}"),
    ("tfrecords/review.py", "--records={records} --works_per_page=-1", "works_per_page"),
    ("tfrecords/review.py", "--records={records} --artists=nobody", "nobody"),
    ("tfrecords/verify_records.py", "--records={records} --duplicates=perhaps", "duplicates"),
    ("tfrecords/verify_records.py", "", "--records"),
    ("tfrecords/diff_records.py", "--before={records}", "--after"),
    ("tfrecords/export_records.py", "--records={records} --output={new} --layout=x", "layout"),
    *(
        (f"export/{tool}.py", words.format(run=place), fragment)
        for tool, words in (
            ("embed", "--workdir={run} --input={{pictures}} --output={{new}}.parquet"),
            ("enroll", "--workdir={run} --artist=zoe --images={{pictures}}"),
            ("enroll", "--workdir={run} --list"),
            ("query", "--workdir={run} --images={{pictures}} --output={{new}}"),
            ("export_models", "--workdir={run}"),
        )
        for place, fragment in (
            ("{missing}", "{missing}"),
            ("{empty}", "{empty}"),
            ("{file}", "{file}"),
            ("{damaged_run}", "{damaged_run}"),
        )
    ),
    ("export/embed.py", "--workdir={run} --input={missing} --output={new}.parquet", "{missing}"),
    ("export/embed.py", "--workdir={run} --input={empty} --output={new}.parquet", "--input"),
    ("export/embed.py", "--workdir={run} --input={file} --output={new}.parquet", "{file}"),
    ("export/embed.py", "--workdir={run} --input={cut_info} --output={new}.parquet", "info.json"),
    ("export/embed.py", "--workdir={run} --input={pictures} --output={file}/a.parquet", "{file}"),
    ("export/embed.py", "--workdir={run} --input={pictures} --output={new}", ".parquet"),
    (
        "export/embed.py",
        "--workdir={run} --input=x --output=a.parquet --batch_size=0",
        "batch_size",
    ),
    ("export/embed.py", "--workdir={run} --input=x --output=y --bath_size=1", "bath_size"),
    ("export/enroll.py", "--workdir={run} --artist=zoe --images={missing}", "{missing}"),
    ("export/enroll.py", "--workdir={run} --artist=zoe --images={empty}", "--images"),
    ("export/enroll.py", "--workdir={run} --artist=zoe --images={file}", "{file}"),
    ("export/enroll.py", "--workdir={run} --artist=zoe", "--images"),
    ("export/enroll.py", "--workdir={run} --remove=nobody", "nobody"),
    ("export/enroll.py", "--workdir={run} --artist=zoe --images=x --workers=none", "workers"),
    ("export/enroll.py", "--workdir={run} --lst", "lst"),
    ("export/query.py", "--workdir={run} --images={missing} --output={new}", "{missing}"),
    ("export/query.py", "--workdir={run} --images={empty} --output={new}", "{empty}"),
    ("export/query.py", "--workdir={run} --images={file} --output={new}", "{file}"),
    ("export/query.py", "--workdir={run} --images={pictures} --output={file}", "{file}"),
    ("export/query.py", "--workdir={run} --images={pictures} --output={file}/x", "{file}"),
    ("export/query.py", "--workdir={run} --images={pictures} --output={new} --count=0", "count"),
    ("export/query.py", "--workdir={run} --images=x --output={new} --count=many", "count"),
    ("export/query.py", "--workdir={run} --images=x --output={new} --otput=y", "otput"),
    ("export/query.py", "--workdir={run} --output={new}", "--images"),
    ("export/draw.py", "--workdir={run} --output={new}", "--what"),
    ("export/draw.py", "--workdir={run} --output={new} --what=dance", "what"),
    ("export/draw.py", "--workdir={run} --pretrained --output={new} --what=generate", "both"),
    ("export/draw.py", "--workdir={missing} --output={new} --what=generate", "{missing}"),
    ("export/draw.py", "--workdir={run} --output={new} --what=generate --count=0", "count"),
    (
        "export/draw.py",
        "--workdir={run} --output={new} --what=grid --images={missing}",
        "{missing}",
    ),
    ("export/draw.py", "--workdir={run} --output={new} --what=edit --shift=1.5", "--shift"),
    ("export/draw.py", "--workdir={run} --output={new} --what=slide --values=far", "--values"),
    ("export/export_models.py", "--workdir={run} --version=first", "version"),
    ("export/export_models.py", "--workdir={run} --config={missing}", "{missing}"),
    ("export/export_models.py", "--workdri={run}", "workdri"),
    ("export/serve.py", "", "--workdir"),
    ("export/serve.py", "--workdir={run} --model_base_path={empty}", "--model_base_path"),
    ("export/serve.py", "--workdir={run} --token_file={missing}", "{missing}"),
    ("export/serve.py", "--workdir={missing}", "{missing}"),
    ("export/query.py", "--gallery={missing} --images={pictures} --output={new}", "{missing}"),
    ("export/serve.py", "--workdir={run} --rest_api_port=70000", "rest_api_port"),
    ("export/client.py", "", "command"),
    ("export/client.py", "generate --output {new} --stile 1", "--stile"),
    ("export/client.py", "generate --style 1 --output {new} --count many", "--count"),
    ("export/client.py", "--server http://127.0.0.1:9 encode {missing}", "{missing}"),
    ("export/client.py", "--server http://127.0.0.1:9 encode {empty}", "{empty}"),
    ("export/client.py", "--server http://127.0.0.1:9 encode {file}", "http://127.0.0.1:9"),
    ("export/client.py", "generate --style {missing}.json --output {new}", "{missing}"),
    ("export/client.py", "generate --artist a --model_json {file} --output {new}", "{file}"),
]


def make_places(folder):
    """Makes what the rows name in a folder; returns dict name -> path."""
    names = {"missing", "empty", "file", "pictures", "records", "run", "damaged_run", "new"}
    places = {name: folder / name for name in names}
    places["empty"].mkdir()
    places["file"].write_text("a file")
    random = np.random.default_rng(0)
    for artist in ("ann", "bob"):
        (places["pictures"] / artist).mkdir(parents=True)
        for number in range(5):
            pixels = random.integers(0, 256, (20, 20, 3), np.uint8)
            Image.fromarray(pixels).save(places["pictures"] / artist / f"{number}.png")
    words = f"--input={places['pictures']} --output={places['records']} {SMALL}"
    made = call("tfrecords/convert.py", *words.split())
    if made.returncode:
        raise RuntimeError(made.stderr)
    for name, file, data in (
        ("cut_info", "info.json", (places["records"] / "info.json").read_bytes()[:200]),
        ("binary_info", "info.json", bytes(range(256))),
        ("wrong_info", "info.json", b'{"format_version": 2, "files": 3}'),
        ("no_shard", "train-00000-of-00001.tfrecord", None),
        ("bad_shard", "train-00000-of-00001.tfrecord", b""),
        ("no_index", "index.npy", None),
        ("bad_index", "index.npy", b""),
        ("bad_ledger", "ledger.parquet", b""),
    ):
        places[name] = folder / name
        shutil.copytree(places["records"], places[name])
        path = places[name] / file
        size = path.stat().st_size
        path.unlink()
        if data is not None:
            path.write_bytes(data or bytes(size))  # of the right size, so that only a look tells
    make_runs(places)
    return places


def make_runs(places):
    """A run with a style encoder and an index, and one of which each file is damaged."""
    from anime_style_tf.style_encoder import StyleEncoder
    from anime_style_tf.workdir.networks import save_network
    from tests.stages.searchable import make_index

    encoder = StyleEncoder(image_size=16, levels=(4, 6), code_size=3)
    encoder.build()
    for name in ("run", "damaged_run"):
        shutil.copytree(places["records"], places[name] / "records")
        for file in ("style_encoder.keras", "pruned_style_encoder.keras"):
            save_network(encoder, places[name] / "style" / file)
        (places[name] / "style" / "pruning.json").write_text('{"code_size": 3}')
    make_index(places["run"])
    damaged = places["damaged_run"]
    for path in [*damaged.glob("*/*.keras"), *damaged.glob("*/*.json")]:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for stage in ("records", "style", "gan", "export", "index"):
        (damaged / stage).mkdir(exist_ok=True)
        for file in ("done.json", "config.json", "index.json"):
            (damaged / stage / file).write_text('{"half')
