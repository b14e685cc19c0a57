"""The published contract (OpenAPI 3.1), built from the routes themselves.

Litestar's own generator loses msgspec's constraints, closed requests and discriminators, and documents
an error body that is not ours. Here every schema is msgspec's, made from the annotations that are checked.
"""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from importlib.metadata import version
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from registry.problems import MEDIA_TYPE, Problem
from registry.resources.actors import Role
from registry.web import webhooks
from registry.web.closed_keys import close_keys
from registry.web.gate import JSON, Plan
from registry.web.hints import answer_type, body_type, function, hints

REF = "#/components/schemas/{name}"
SECURITY = "accessKey"
CREATED = 201

DESCRIPTION = """\
The register of sub-processors and international transfers.

Reading what is published needs no key; everything else takes `Authorization: Bearer onw_…`.
Errors are problems (RFC 9457) whose `type` is explained in `openapi/problems.md`; one fault of a body is named
at a time. A record's `ETag` answers `If-None-Match` with 304, and a write to it needs `If-Match`. `Idempotency-Key`
may come with every request that creates: the answer is kept for 24 hours. Days are calendar days in the register's time
zone. Unknown members and parameters are refused. Answers may gain members: read them openly.
"""

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what is changed, as it was read.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes repeating safe: a repeat with the same key and request gets the first answer.",
    "schema": {"type": "string", "pattern": '^"?[!#-~]{1,255}"?$', "minLength": 1, "maxLength": 257},
}
PREFER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "`respond-async`: the answer is 202 at once, and `Location` tells how it goes on.",
    "schema": {"type": "string"},
}
HEADERS = {
    "ETag": {"description": "The version of what is answered.", "schema": {"type": "string"}},
    "Location": {"description": "Where the thing made can be read.", "schema": {"type": "string"}},
}


class Operation(Struct, frozen=True):
    """One method of one path."""

    path: str
    method: str
    handler: HTTPRouteHandler
    plan: Plan


def build(app: Litestar) -> dict[str, Any]:
    """Make the contract of an app, the same bytes for the same routes."""
    operations = sorted(_operations(app), key=lambda each: (each.path, each.method))
    types = [Problem, *webhooks.BODIES, *(kind for each in operations for kind in _types(each))]
    schemas, components = msgspec.json.schema_components(types, ref_template=REF)
    close_keys(types, components)
    schema_of = _Schemas(types, schemas)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Onward",
            "version": version("onward"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "webhooks": webhooks.section(schema_of),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                SECURITY: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access key `onw_…`, made with `onward keys create`.",
                }
            },
        },
    }


def render(contract: dict[str, Any]) -> bytes:
    """The contract as it is committed and served."""
    return msgspec.json.format(msgspec.json.encode(contract), indent=2) + b"\n"


class _Schemas:
    """The schema of each type, in the order in which msgspec was asked."""

    def __init__(self, types: Sequence[Any], schemas: Sequence[dict[str, Any]]) -> None:
        self._pairs = list(zip(types, schemas, strict=True))

    def __call__(self, wanted: Any) -> dict[str, Any]:
        return next(schema for kind, schema in self._pairs if kind is wanted or kind == wanted)


def _operations(app: Litestar) -> Iterator[Operation]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for method, (handler, _) in route.route_handler_map.items():
            if method != "OPTIONS" and handler.resolve_include_in_schema():
                yield Operation(route.path_format, method, handler, handler.opt["plan"])


def _types(operation: Operation) -> Iterator[Any]:
    body, answer = body_type(operation.handler), answer_type(operation.handler)
    if body is not None:
        yield body
    if _is_json(answer):
        yield from _alternatives(answer)
    if "accepted" in operation.handler.opt:
        yield operation.handler.opt["accepted"]
    yield from operation.handler.opt.get("also", {}).values()
    yield from (parameter.hint for parameter in operation.plan.parameters.values())
    yield from _path_hints(operation).values()


def _alternatives(answer: Any) -> tuple[Any, ...]:
    """The members of a union: msgspec describes untagged Structs only one by one."""
    if _is_list_of_several(answer):
        return _alternatives(get_args(answer)[0])
    return get_args(answer) if get_origin(answer) in {Union, UnionType} else (answer,)


def _is_list_of_several(answer: Any) -> bool:
    return get_origin(answer) is list and get_origin(get_args(answer)[0]) in {Union, UnionType}


def _answer_schema(answer: Any, schema_of: "_Schemas") -> dict[str, Any]:
    schemas = [schema_of(each) for each in _alternatives(answer)]
    schema: dict[str, Any] = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    return {"type": "array", "items": schema} if _is_list_of_several(answer) else schema


def _is_json(answer: Any) -> bool:
    """Bytes and templates are documents of their own media type, not JSON."""
    return answer not in {None, NoneType, bytes, str} and "litestar" not in getattr(answer, "__module__", "")


def _path_hints(operation: Operation) -> dict[str, Any]:
    found = hints(function(operation.handler))
    return {name: hint for name, hint in found.items() if f"{{{name}}}" in operation.path}


def _operation(operation: Operation, schema_of: _Schemas) -> dict[str, Any]:
    handler = operation.handler
    found: dict[str, Any] = {
        "operationId": operation.plan.operation,
        "summary": handler.summary or operation.plan.operation,
        "tags": sorted(handler.resolve_tags()),
    }
    if text := handler.description or function(handler).__doc__:
        found["description"] = cleandoc(text)
    if parameters := list(_parameters(operation, schema_of)):
        found["parameters"] = parameters
    if operation.plan.media_types:
        found["requestBody"] = _body(operation, schema_of)
    found["responses"] = _responses(operation, schema_of)
    public = Role.PUBLIC in operation.plan.roles
    found["security"] = [{}, {SECURITY: []}] if public else [{SECURITY: []}]
    return found


def _parameters(operation: Operation, schema_of: _Schemas) -> Iterator[dict[str, Any]]:
    for name, hint in _path_hints(operation).items():
        yield {"name": name, "in": "path", "required": True, "schema": schema_of(hint)}
    for parameter in operation.plan.parameters.values():
        schema = dict(schema_of(parameter.hint))
        description = schema.pop("description", None)
        if parameter.default is not None:
            schema["default"] = msgspec.to_builtins(parameter.default)
        found = {"name": parameter.name, "in": "query", "required": parameter.required, "schema": schema}
        yield found | ({"description": description} if description else {})
    statuses = operation.handler.responses or {}
    if HTTPStatus.PRECONDITION_REQUIRED in statuses:
        yield IF_MATCH
    if "accepted" in operation.handler.opt:
        yield PREFER
    if operation.handler.status_code == CREATED or "accepted" in operation.handler.opt:
        yield IDEMPOTENCY_KEY


def _body(operation: Operation, schema_of: _Schemas) -> dict[str, Any]:
    body = body_type(operation.handler)
    content = {
        media_type: {
            "schema": schema_of(body) if media_type == JSON and body is not None else {"type": "string"}
        }
        for media_type in operation.plan.media_types
    }
    return {"required": True, "content": content}


def _responses(operation: Operation, schema_of: _Schemas) -> dict[str, Any]:
    handler = operation.handler
    status = handler.status_code
    success: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    answer = answer_type(handler)
    if _is_json(answer):
        # Whoever may ask in other forms than JSON is answered in the same.
        success["content"] = {form: {"schema": {"type": "string"}} for form in operation.plan.media_types}
        success["content"][_json_form(handler)] = {"schema": _answer_schema(answer, schema_of)}
    elif answer is not None and answer is not NoneType:
        media_type = getattr(handler.media_type, "value", handler.media_type) or "text/html"
        success["content"] = {str(media_type).partition(";")[0]: {"schema": {"type": "string"}}}
    if status == CREATED:
        success["headers"] = HEADERS
    successes = {str(status): success}
    if "accepted" in handler.opt:
        schema = schema_of(handler.opt["accepted"])
        location = {"Location": HEADERS["Location"]}
        success["headers"] = location
        successes["202"] = {
            "description": "Accepted",
            "content": {JSON: {"schema": schema}},
            "headers": location,
        }
    for other, kind in handler.opt.get("also", {}).items():
        content = {JSON: {"schema": schema_of(kind)}}
        successes[str(other)] = {"description": HTTPStatus(other).phrase, "content": content}
    problems = sorted({*(handler.responses or {}), *_mechanical(operation)})
    return successes | {
        str(each): {
            "description": HTTPStatus(each).phrase,
            "content": {MEDIA_TYPE: {"schema": schema_of(Problem)}},
        }
        for each in problems
    }


def _json_form(handler: HTTPRouteHandler) -> str:
    """The media type of JSON that is answered: plain, or one of its own such as a feed's."""
    media_type = str(getattr(handler.media_type, "value", handler.media_type))
    return media_type if media_type.endswith("+json") else JSON


def _mechanical(operation: Operation) -> Iterator[int]:
    """The problems that the gate answers with, whatever the handler does."""
    yield HTTPStatus.BAD_REQUEST
    yield HTTPStatus.UNAUTHORIZED
    if Role.PUBLIC not in operation.plan.roles:
        yield HTTPStatus.FORBIDDEN
    if "{" in operation.path:
        yield HTTPStatus.NOT_FOUND
    if operation.plan.media_types:
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        yield HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if operation.handler.status_code == CREATED:
        yield HTTPStatus.UNPROCESSABLE_ENTITY
