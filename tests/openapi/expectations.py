"""What a schema cannot say, so that schemathesis does not take it for a fault of the server.

Loaded by `openapi/schemathesis.toml`. Everything here is told by the answer's own problem, so a request that
is refused for another reason still fails the test.
"""

from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response

# How msgspec and the machinery word what a schema does say.
SAID_BY_SCHEMA = (
    "Expected",
    "Invalid",
    "Number",
    "Object",
    "there is no such",
    "this member is required",
    "the text is not",
    "it is",
    "it holds",
)


@schemathesis.hook
def filter_failure(_context: Any, failure: Failure, _case: Any, response: Response | None) -> bool:
    """Keep a failure unless the answer says that a rule beyond the schema refused a fitting request."""
    if response is None or "rejected" not in failure.title.lower():
        return True
    problem: dict[str, Any] = response.json()
    if problem.get("type") == "urn:onward:problem:idempotency-key-reused":
        return False
    return not any(is_a_rule(fault) for fault in problem.get("errors", []))


def is_a_rule(fault: dict[str, Any]) -> bool:
    """A cursor must be one that was given out; other rules are told in words of their own.

    JSON Schema takes 5.0 for an integer, as a value; it is refused as what was written.
    """
    if fault["message"].startswith("Expected `int") and fault["message"].endswith("got `float`"):
        return True
    if fault.get("member") == "cursor":
        return "not one that this list gave" in fault["message"]
    return not fault["message"].startswith(SAID_BY_SCHEMA)
