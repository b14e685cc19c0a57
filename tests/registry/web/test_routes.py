"""A walk over all routes: rights, names, problems, methods."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from registry.app import create_app
from registry.resources.actors import Role
from registry.settings import Settings
from registry.web.contract import build
from registry.web.gate import admit, plan
from registry.web.rights import RIGHTS

APP = create_app(Settings(data_dir=Path("/nowhere")))


def handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if method != "OPTIONS":
                    yield route.path_format, method, handler


ALL = sorted(handlers(APP), key=lambda each: each[:2])
CLIENTS_OWN_ACTS = {"switchOption"}
"""What nobody does for a client, admins included."""
IDS = [f"{method} {path}" for path, method, _ in ALL]
HANDLERS = [handler for _, _, handler in ALL]
OPERATIONS: list[dict[str, Any]] = [
    operation for path in build(APP)["paths"].values() for operation in path.values()
]


@pytest.mark.parametrize("handler", HANDLERS, ids=IDS)
def test_every_route_states_its_rights(handler: HTTPRouteHandler) -> None:
    assert handler.operation_id in RIGHTS
    assert Role.ADMIN in RIGHTS[str(handler.operation_id)] or handler.operation_id in CLIENTS_OWN_ACTS


@pytest.mark.parametrize("handler", HANDLERS, ids=IDS)
def test_every_route_passes_the_gate(handler: HTTPRouteHandler) -> None:
    hook = handler.resolve_before_request()

    assert getattr(hook, "func", hook) is admit


@pytest.mark.parametrize(("path", "method", "handler"), ALL, ids=IDS)
def test_what_writes_is_never_public(path: str, method: str, handler: HTTPRouteHandler) -> None:
    # Judging facts stores nothing: it is a question that needs a body.
    if method == "GET" or path.startswith(("/v1/assessments", "/v1/simulations")):
        return
    # Anybody may ask for news by mail: it is sent one mail an hour, until its reader confirms it.
    if handler.operation_id in {"createSubscription", "subscribeByPage"}:
        return
    # The token of a link is the key.
    if path.startswith("/links/"):
        return
    assert Role.PUBLIC not in RIGHTS[str(handler.operation_id)]
    assert Role.AUDITOR not in RIGHTS[str(handler.operation_id)]


@pytest.mark.parametrize("path", sorted({path for path, _, _ in ALL}))
def test_paths_are_kebab_case_and_their_parameters_are_not(path: str) -> None:
    parts = [part for part in path.split("/") if part]

    assert all(part == part.lower() for part in parts)
    if path.startswith("/v1/"):
        assert all("_" not in part for part in parts if not part.startswith("{"))


def test_the_table_of_rights_has_no_operation_that_is_not_there() -> None:
    assert set(RIGHTS) == {str(handler.operation_id) for _, _, handler in ALL}


def test_each_operation_has_one_name() -> None:
    names = [handler.operation_id for _, _, handler in ALL]

    assert len(names) == len(set(names))


def test_a_route_without_rights_stops_the_start() -> None:
    handler = ALL[0][2]
    unknown = type("Unknown", (), {"operation_id": "fly", "fn": handler.fn, "opt": {}})

    with pytest.raises(LookupError, match="rights.py"):
        plan(unknown(), "/v1/fly")


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each["operationId"] for each in OPERATIONS])
def test_every_operation_documents_itself_and_its_problems(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    problems = {status for status in answers if status >= "400"}

    assert {"400", "401"} <= problems
    # Simulating over facts and news by mail are public; over the register, and for a client, they are not.
    partly = operation["operationId"] in {"simulate", "createSubscription"}
    assert ("403" in problems) == (partly or {} not in operation["security"])
    assert ({"413", "415"} <= problems) == ("requestBody" in operation)
    for status in problems:
        assert list(answers[status]["content"]) == ["application/problem+json"]
    assert operation["summary"] != operation["operationId"]
    assert operation["description"]
    assert operation["tags"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each["operationId"] for each in OPERATIONS])
def test_every_operation_that_creates_takes_an_idempotency_key(operation: dict[str, Any]) -> None:
    names = {parameter["name"] for parameter in operation.get("parameters", [])}

    # What may go on after its answer is repeated as safely.
    creates = "201" in operation["responses"] or "Prefer" in names
    assert creates == ("Idempotency-Key" in names)
    assert ("428" in operation["responses"]) == ("If-Match" in names)
