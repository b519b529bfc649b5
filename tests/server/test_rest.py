"""Requests and answers as https://www.tensorflow.org/tfx/serving/api_rest has them."""

import base64
import json

import httpx
import pytest

from anime_style_tf.server.limits import Limits
from tests.server.serving import serving


def predict(rest, request, *, model="half"):
    body = request if isinstance(request, str | bytes) else json.dumps(request)
    return rest.post(f"/v1/models/{model}:predict", content=body)


def test_the_status_of_a_model_is_that_of_the_documentation(rest):
    answer = rest.get("/v1/models/half")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "model_version_status": [
            {
                "version": "123",
                "state": "AVAILABLE",
                "status": {"error_code": "OK", "error_message": ""},
            }
        ]
    }
    assert rest.get("/v1/models/half/versions/123").json() == answer.json()


def test_the_predictions_of_the_documentations_example_are_the_same(rest):
    answer = predict(rest, {"instances": [1.0, 2.0, 5.0]})
    assert answer.json() == {"predictions": [3.5, 4.0, 5.5]}
    answer = rest.post("/v1/models/half/versions/123:predict", json={"instances": [1]})
    assert answer.json() == {"predictions": [3.5]}


def test_an_unknown_model_is_refused_in_the_documentations_words(rest):
    answer = predict(rest, {"instances": [1.0]}, model="other")
    assert answer.status_code == 404
    assert answer.json() == {"error": "Servable not found for request: Latest(other)"}
    answer = rest.post("/v1/models/half/versions/4:predict", json={"instances": [1]})
    assert answer.json() == {"error": "Servable not found for request: Specific(half, 4)"}


def test_rows_of_named_inputs_are_answered_by_rows_of_named_outputs(rest):
    rows = [{"signal": [1, 2], "count": 3}, {"signal": [4, 5.5], "count": 2}]
    answer = predict(rest, {"signature_name": "weigh", "instances": rows})
    assert answer.json() == {
        "predictions": [{"total": 9.0, "count": 3}, {"total": 19.0, "count": 2}]
    }


def test_columns_of_named_inputs_are_answered_by_columns(rest):
    columns = {"signal": [[1, 2], [4, 5.5]], "count": [3, 2]}
    answer = predict(rest, {"signature_name": "weigh", "inputs": columns})
    assert answer.json() == {"outputs": {"total": [9.0, 19.0], "count": [3, 2]}}
    answer = predict(rest, {"inputs": [4.0]})
    assert answer.json() == {"outputs": [5.0]}
    answer = predict(rest, {"inputs": {"x": [4.0]}})
    assert answer.json() == {"outputs": [5.0]}


def test_binary_values_are_base64_both_ways_and_texts_are_texts(rest):
    for sent in ("grün", {"b64": base64.b64encode("grün".encode()).decode()}):
        answer = predict(rest, {"signature_name": "echo", "instances": [sent]})
        assert answer.json() == {
            "predictions": [
                {"text": "grün", "copy_bytes": {"b64": base64.b64encode("grün".encode()).decode()}}
            ]
        }
    named = {"signature_name": "echo", "instances": [{"files": {"b64": "/w=="}}]}
    assert predict(rest, named).json()["predictions"][0]["copy_bytes"] == {"b64": "/w=="}


def test_numbers_that_json_does_not_have_are_taken_and_given(rest):
    answer = predict(rest, '{"instances": [NaN, Infinity, -Infinity]}')
    assert answer.text.replace(" ", "") == '{"predictions":[NaN,Infinity,-Infinity]}'


def test_the_metadata_name_every_input_and_output_with_its_shape(rest):
    answer = rest.get("/v1/models/half/metadata").json()
    assert answer["model_spec"] == {"name": "half", "signature_name": "", "version": "123"}
    signatures = answer["metadata"]["signature_def"]["signature_def"]
    weigh = signatures["weigh"]
    assert weigh["method_name"] == "tensorflow/serving/predict"
    assert weigh["inputs"]["signal"]["dtype"] == "DT_FLOAT"
    shape = weigh["inputs"]["signal"]["tensor_shape"]
    assert [dim["size"] for dim in shape["dim"]] == ["-1", "2"]
    assert shape["unknown_rank"] is False
    assert set(weigh["outputs"]) == {"total", "count"}
    assert rest.get("/v1/models/half/versions/123/metadata").json() == answer


DEEP = '{"instances": ' + "[" * 100_000 + "]" * 100_000 + "}"
WEIGH = {"signature_name": "weigh"}
MALFORMED = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[1, 2]",
    "a number": "7",
    "bytes": b"\xff\xfe\x00",
    "nested without end": DEEP,
    "no tensors": "{}",
    "both formats": {"instances": [1], "inputs": [1]},
    "instances that are no list": {"instances": 1},
    "instances that are an object": {"instances": {"x": 1}},
    "no instance": {"instances": []},
    "a text for a number": {"instances": ["1"]},
    "null for a number": {"instances": [None]},
    "true for a number": {"instances": [True]},
    "an object for a number": {"instances": [{"x": {"b64": "AA=="}}]},
    "rows of several lengths": {"instances": [[1, 2], [3]]},
    "an axis too many": {"instances": [[1]]},
    "a number too large": '{"instances": [1e39]}',
    "a signature that is no name": {"signature_name": 3, "instances": [1]},
    "an unknown signature": {"signature_name": "none", "instances": [1]},
    "an unknown input": {"instances": [{"z": 1}]},
    "an input too few": WEIGH | {"instances": [{"count": 1}]},
    "an input too many": WEIGH | {"instances": [{"signal": [1, 2], "count": 1, "z": 2}]},
    "a plain list for two inputs": WEIGH | {"instances": [1, 2]},
    "a list among objects": WEIGH | {"instances": [{"signal": [1, 2], "count": 1}, [1]]},
    "an object among values": {"instances": [1, {"x": 2}]},
    "a fraction for a whole number": WEIGH | {"instances": [{"signal": [1, 2], "count": 1.5}]},
    "a whole number too large": WEIGH | {"instances": [{"signal": [1, 2], "count": 2**64}]},
    "another width": WEIGH | {"instances": [{"signal": [1, 2, 3], "count": 1}]},
    "a column too few": WEIGH | {"inputs": {"count": [1]}},
    "columns of several lengths": WEIGH | {"inputs": {"signal": [[1, 2]], "count": [1, 2]}},
    "no base64": {"signature_name": "echo", "instances": [{"b64": "*"}]},
    "base64 that is no text": {"signature_name": "echo", "instances": [{"b64": 3}]},
    "what the model refuses": {"signature_name": "root", "instances": [-1.0]},
}


@pytest.mark.parametrize("request_body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_request_is_refused_in_one_line(rest, request_body):
    answer = predict(rest, request_body)
    assert answer.status_code == 400
    message = answer.json()["error"]
    assert message
    assert "\n" not in message
    assert len(message) < 300
    assert "Traceback" not in message


def test_what_a_model_refuses_is_said_in_its_words_alone(rest):
    answer = predict(rest, {"signature_name": "root", "instances": [-1.0]})
    assert answer.json() == {"error": "x must not be below 0"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/models/other", 404),
        ("GET", "/v1/models/other/metadata", 404),
        ("GET", "/v1/models/half/versions/4", 404),
        ("GET", "/v1/models/half/versions/99999999999999999999", 400),
        ("GET", "/v1/models/half/versions/one", 400),
        ("GET", "/v1/models/half/labels/stable", 400),
        ("GET", "/v1/models/", 400),
        ("GET", "/v1/models/half:predict", 400),
        ("POST", "/v1/models/half", 400),
        ("POST", "/v1/models/half:regress", 400),
        ("POST", "/v1/models/half:classify", 400),
        ("DELETE", "/v1/models/half", 405),
        ("GET", "/v3", 404),
        ("GET", "/v2/models", 404),
        ("GET", "/v2/models/other", 404),
        ("GET", "/v2/models/half/infer", 404),
        ("POST", "/v2/models/half", 404),
        ("POST", "/v2/models/half/infer", 400),
        ("GET", "/explorer-data/works.json", 404),
        ("GET", "/explorer-data/../../../../../../etc/passwd", 404),
        ("GET", "/explorer-data/%2e%2e/%2e%2e/saved_model.pb", 404),
    ],
)
def test_a_path_that_is_not_served_is_refused_with_its_status(rest, method, path, status):
    answer = rest.request(method, path, content=b"{}" if method == "POST" else None)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_health_and_metrics_can_be_asked(rest):
    predict(rest, {"instances": [1.0]})
    predict(rest, {"signature_name": "root", "instances": [-1.0]})
    assert rest.get("/healthz").text == "ok\n"
    lines = rest.get("/monitoring/prometheus/metrics").text.splitlines()
    refused = 'anime_style_requests_total{code="INVALID_ARGUMENT",protocol="rest",signature="root"}'
    assert any(line.startswith(refused) for line in lines)
    assert "anime_style_waiting_rows 0.0" in lines


def test_other_pages_are_let_in_only_if_they_are_named(toy):
    origin = {"origin": "https://example.org"}
    asked = origin | {"access-control-request-method": "POST"}
    limits = Limits(body_bytes=1000)
    with serving(toy, name="half", grpc_port=None, origins=["https://example.org"],
                 limits=limits, token="a-long-secret-word") as server:  # fmt: skip
        url = f"http://127.0.0.1:{server.rest_port}/v1/models/half"
        answer = httpx.options(url, headers=asked)
        assert answer.headers["access-control-allow-origin"] == "https://example.org"
        other = httpx.options(url, headers=asked | {"origin": "https://example.com"})
        assert "access-control-allow-origin" not in other.headers


def test_without_the_token_nothing_is_answered(toy):
    with serving(toy, name="half", grpc_port=None, token="a-long-secret-word") as server:
        url = f"http://127.0.0.1:{server.rest_port}"
        for path in ("/v1/models/half", "/monitoring/prometheus/metrics", "/explorer-data/a"):
            refused = httpx.get(f"{url}{path}")
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
        wrong = {"authorization": "Bearer another-secret-word"}
        assert httpx.get(f"{url}/v1/models/half", headers=wrong).status_code == 401
        right = {"authorization": "Bearer a-long-secret-word"}
        assert httpx.get(f"{url}/v1/models/half", headers=right).status_code == 200
        assert httpx.get(f"{url}/healthz").status_code == 200


def test_no_page_elsewhere_may_read_answers_unless_told(rest):
    answer = rest.get("/v1/models/half", headers={"origin": "https://example.org"})
    assert "access-control-allow-origin" not in answer.headers
