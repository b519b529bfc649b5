"""Why a request is not answered: a code of gRPC, and what that is over HTTP."""

import re

import grpc
import tensorflow as tf

_OVER_HTTP = {
    "CANCELLED": 499,
    "INVALID_ARGUMENT": 400,
    "DEADLINE_EXCEEDED": 504,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "PERMISSION_DENIED": 403,
    "UNAUTHENTICATED": 401,
    "RESOURCE_EXHAUSTED": 429,
    "FAILED_PRECONDITION": 400,
    "ABORTED": 409,
    "OUT_OF_RANGE": 400,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
}
_CODES = {code.value[0]: code for code in grpc.StatusCode}
_MOST_OF_A_MESSAGE = 1000  # letters


class Refusal(Exception):
    """A request that is not answered.

    Args:
        code: name of a `grpc.StatusCode`.
        message: one line: what is wrong, expected, received, what to do.
        http_status: where HTTP tells more than the code does, such as 413.
    """

    def __init__(self, code, message, *, http_status=None):
        super().__init__(message)
        self.code = grpc.StatusCode[code]
        # Others, such as INTERNAL, are faults of the server.
        self.http_status = http_status or _OVER_HTTP.get(code, 500)


def refusal_of(error):
    """Returns the `Refusal` that an error of a running graph amounts to.

    TensorFlow's messages name the graph's nodes and go on for lines; what an assertion of the
    model says, or else the first line, is what the sender can use.
    """
    if isinstance(error, Refusal):
        return error
    if not isinstance(error, tf.errors.OpError):
        line = " ".join(f"{type(error).__name__}: {error}".split())
        return Refusal("INTERNAL", line[:_MOST_OF_A_MESSAGE])
    text = re.sub(r"\{\{.*?\}\}", "", error.message).strip()
    if asserted := re.search(r"assertion failed: \[+(.*?)\]+(?:\s|$)", text, re.DOTALL):
        text = asserted[1].strip("\"' ")
    line = next(iter(text.splitlines()), type(error).__name__)
    code = _CODES.get(error.error_code, grpc.StatusCode.INTERNAL).name
    return Refusal(code, line[:_MOST_OF_A_MESSAGE])
