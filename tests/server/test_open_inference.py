"""Requests as https://github.com/kserve/open-inference-protocol has them."""

import base64

import pytest


def infer(rest, signature="", **request):
    body = {"parameters": {"signature_name": signature}, **request}
    return rest.post("/v2/models/half/infer", json=body)


def tensor(name, datatype, shape, data, **more):
    return {"name": name, "datatype": datatype, "shape": shape, "data": data, **more}


def test_server_and_model_say_what_they_are(rest):
    assert rest.get("/v2").json()["name"] == "anime_style_tf"
    assert rest.get("/v2/health/live").json() == {"live": True}
    assert rest.get("/v2/health/ready").json() == {"ready": True}
    assert rest.get("/v2/models/half/ready").json() == {"name": "half", "ready": True}
    assert rest.get("/v2/models/half/versions/123").json() == {
        "name": "half",
        "versions": ["123"],
        "platform": "tensorflow_savedmodel",
        "inputs": [{"name": "x", "datatype": "FP32", "shape": [-1]}],
        "outputs": [{"name": "y", "datatype": "FP32", "shape": [-1]}],
        "parameters": {"signatures": ["echo", "root", "serving_default", "weigh"]},
    }


def test_an_inference_is_answered_with_its_id_and_version(rest):
    answer = infer(rest, id="7", inputs=[tensor("x", "FP32", [3], [1, 2, 5])])
    assert answer.json() == {
        "model_name": "half",
        "model_version": "123",
        "id": "7",
        "outputs": [tensor("y", "FP32", [3], [3.5, 4.0, 5.5])],
    }


@pytest.mark.parametrize("signal", [[1, 2, 4, 5.5], [[1, 2], [4, 5.5]]])
def test_data_may_be_flat_or_nested_and_outputs_may_be_chosen(rest, signal):
    inputs = [tensor("signal", "FP32", [2, 2], signal), tensor("count", "INT64", [2], [3, 2])]
    answer = infer(rest, "weigh", inputs=inputs, outputs=[{"name": "total"}])
    assert answer.json()["outputs"] == [tensor("total", "FP32", [2], [9.0, 19.0])]


def test_files_go_in_and_come_out_in_base64_and_texts_as_texts(rest):
    file = base64.b64encode(b"\xff\x00").decode()
    how = {"parameters": {"content_type": "base64"}}
    answer = infer(rest, "echo", inputs=[tensor("files", "BYTES", [1], [file], **how)])
    copy = next(one for one in answer.json()["outputs"] if one["name"] == "copy_bytes")
    assert copy == tensor("copy_bytes", "BYTES", [1], [file], **how)
    answer = infer(rest, "echo", inputs=[tensor("files", "BYTES", [1], ["gr\u00fcn"])])
    text = next(one for one in answer.json()["outputs"] if one["name"] == "text")
    assert text["data"] == ["gr\u00fcn"]


X = tensor("x", "FP32", [1], [1])


@pytest.mark.parametrize(
    "request_body",
    [
        {},
        {"inputs": X},
        {"inputs": []},
        {"inputs": [X | {"name": "z"}]},
        {"inputs": [X | {"datatype": "FP64"}]},
        {"inputs": [X | {"datatype": ["FP32"]}]},
        {"inputs": [X | {"data": ["text"]}]},
        {"inputs": [X | {"data": 1}]},
        {"inputs": [X | {"shape": [1, 2]}]},
        {"inputs": [X | {"shape": ["1"]}]},
        {"inputs": [X | {"shape": [True]}]},
        {"inputs": [X], "outputs": [{"name": "z"}]},
        {"inputs": [X], "outputs": "y"},
        {"inputs": [X], "outputs": [{"name": ["y"]}]},
        {"inputs": [X | {"name": ["x"]}]},
        {"inputs": [X], "parameters": {"signature_name": "none"}},
        {"inputs": [X], "parameters": []},
    ],
)
def test_another_form_is_refused_in_one_line(rest, request_body):
    answer = rest.post("/v2/models/half/infer", json=request_body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert "\n" not in answer.json()["error"]
