"""The gate: what every request passes before its handler runs.

In this order: who asks and whether they may (401, 403), the type of the body (415), the path (404)
and the query (400). It is Litestar's ``before_request``, since guards are handed a copy of the handler.
"""

import re
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from registry.errors import (
    InvalidError,
    NotFoundError,
    UnsupportedMediaTypeError,
    no_client,
)
from registry.resources.actors import Actor, Role
from registry.web import pages, query
from registry.web.hints import body_type
from registry.web.rights import RIGHTS, of_its_own, refuse, refuse_bound

API = "/v1"
DAYS = ("as_of", "known_at")
"""What asks for another day than is shown; passed over in silence, it would be answered wrongly."""
JSON = "application/json"
NDJSON = "application/x-ndjson"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""What browsers send from a page, and mail programs to unsubscribe (RFC 8058); pages alone read it."""
_UNFIT_PATH = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")
EMPTY = "The body is empty. Send a JSON object as /openapi.json describes it."


class Plan(Struct, frozen=True, kw_only=True):
    """What the gate checks for one operation; made once, when the app is."""

    operation: str
    roles: frozenset[Role]
    names_client: bool
    """Whether the path says which client it is about."""
    strict: bool
    """Whether an unknown parameter is refused: in the API it is a mistake, on pages a tracker's addition."""
    parameters: dict[str, query.Parameter]
    media_types: tuple[str, ...]


def plan(handler: HTTPRouteHandler, path: str) -> Plan:
    """Lay down the checks of one handler; every one needs an ``operation_id`` with its rights."""
    operation = handler.operation_id
    if not isinstance(operation, str) or operation not in RIGHTS:
        message = f"{handler} has the operation_id {operation!r}, which is not in registry/web/rights.py."
        raise LookupError(message)
    takes_body = body_type(handler) is not None or "media_types" in handler.opt
    return Plan(
        operation=operation,
        roles=RIGHTS[operation],
        names_client="{client_id:uuid}" in path,
        strict=path.startswith(API),
        parameters=query.declared(handler),
        media_types=tuple(handler.opt.get("media_types", (JSON,))) if takes_body else (),
    )


def lay_plans(app: Litestar) -> None:
    """Give every handler its plan and the strict decoder of its body."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            if method == "OPTIONS":
                continue
            laid = plan(handler, route.path)
            handler.opt["plan"] = laid
            handler.opt["operation"] = laid.operation
            handler.opt["status"] = handler.status_code
            if (body := body_type(handler)) is not None:
                handler.opt["decoder"] = msgspec.json.Decoder(body)


async def admit(request: Request[Actor, Any, Any]) -> None:
    """Check a request against its handler's plan."""
    scope = request.scope
    laid: Plan | None = scope["route_handler"].opt.get("plan")
    if laid is None:  # Only Litestar's own OPTIONS handlers have none.
        return
    authorization = [value for name, value in scope["headers"] if name == b"authorization"]
    actor = await request.app.state.keyring.actor(authorization)
    scope["user"] = actor
    if actor.role not in laid.roles:
        refuse(actor, laid.roles)
    if actor.client_id is not None:
        _keep_to_client(actor, laid, scope["path_params"].get("client_id"))
    if laid.media_types:
        _check_body(dict(scope["headers"]), laid)
    if scope["path_params"] and _UNFIT_PATH.search(scope["path"]):
        raise NotFoundError("There is nothing at this path; it holds control characters.")
    if scope["query_string"]:
        _check_query(scope, laid)
    elif laid.parameters:
        query.check({}, laid.parameters)


def _keep_to_client(actor: Actor, laid: Plan, client_id: object) -> None:
    """A client's key sees its client; another one is, to it, not there."""
    if not of_its_own(actor, laid.operation, names_client=laid.names_client):
        refuse_bound(actor)
    if laid.names_client and str(client_id) != str(actor.client_id):
        raise no_client(client_id)


def _check_body(headers: dict[bytes, bytes], laid: Plan) -> None:
    """Refuse a body that is empty, coded, or of a type that is not read here."""
    content_type = headers.get(b"content-type", b"")
    if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
        # No lines are a stream of none, which is answered by none; a form may be but a button.
        lines = NDJSON in laid.media_types and content_type.startswith(NDJSON.encode())
        if not lines and FORMS[0] not in laid.media_types:
            raise InvalidError(EMPTY)
        return
    if content_type != b"application/json" or JSON not in laid.media_types:
        _check_type(content_type.decode("latin-1"), laid)
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise UnsupportedMediaTypeError("A body with Content-Encoding is not read here; send it as it is.")


def _check_type(content_type: str, laid: Plan) -> None:
    media_type, _, parameters = content_type.partition(";")
    named = dict(each.strip().lower().partition("=")[::2] for each in parameters.split(";"))
    charset = named.get("charset", "utf-8").strip('"')
    if media_type.strip().lower() not in laid.media_types or charset not in {"utf-8", "utf8", "us-ascii"}:
        shown = repr(content_type) if content_type else "missing"
        taken = " or ".join(laid.media_types)
        message = f"The Content-Type is {shown}, but only {taken} in UTF-8 is read here."
        raise UnsupportedMediaTypeError(message)


def _is_meant(name: str, laid: Plan) -> bool:
    """Whether a page's parameter is taken, or a slip or a hope that silence would betray.

    A tracker's addition is passed over; `as_off`, or a day of what has none, is not.
    """
    return name in laid.parameters or bool(get_close_matches(name, [*laid.parameters, *DAYS], cutoff=0.8))


def _check_query(scope: Any, laid: Plan) -> None:
    given = query.parse(scope["query_string"])
    if not laid.strict:
        given = {name: values for name, values in given.items() if _is_meant(name, laid)}
    if "cursor" in given and "cursor" in laid.parameters:
        query.check(given, laid.parameters)
        given = pages.pinned(given, laid.operation)
        scope["query_string"] = urlencode(given, doseq=True).encode()
    query.check(given, laid.parameters)
