"""Problems over HTTP: one handler for every error, and ``documented`` for the contract."""

import logging
from http import HTTPStatus
from typing import Any

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec

from registry import errors
from registry.errors import Fault, RegistryError, Source
from registry.problems import INTERNAL, MEDIA_TYPE, PREFIX, Problem, problem

log = logging.getLogger(__name__)

INTERNAL_DETAIL = (
    "This is a fault of Onward, not of the request. It is in the server's log;"
    " nothing was half done. Try again, and tell the operator if it happens again."
)
UNAVAILABLE_DETAIL = (
    "The database does not answer at the moment, so nothing was done. Try again in a few seconds;"
    " with the same Idempotency-Key nothing can happen twice."
)
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="onward"'}
RETRY = {"Retry-After": "5"}

# The connection broke, was refused or was ended, or a statement waited too long.
DATABASE_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # A statement was sent while the server's last words were unread.
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    ConnectionError,
    FileNotFoundError,  # The socket of an embedded server that is just being started again.
    TimeoutError,
)


def documented(*statuses: int) -> dict[int, ResponseSpec]:
    """Say in a handler's ``responses=`` which problems it can answer with.

    What every operation can answer (400, 401, 403, 413, 415) is added by the contract itself.
    """
    return {
        status: ResponseSpec(
            Problem,
            media_type=MEDIA_TYPE,
            description=HTTPStatus(status).phrase,
            generate_examples=False,
        )
        for status in statuses
    }


def answer(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """Answer any error at all as a problem (RFC 9457)."""
    if isinstance(error, RegistryError):
        headers = CHALLENGE if isinstance(error, errors.UnauthenticatedError) else {}
        return _response(problem(error), headers)
    if isinstance(error, HTTPException):
        return _framework(error)
    if isinstance(error, DATABASE_AWAY) and not isinstance(error, asyncpg.DataError):
        log.warning("The database does not answer: %s.", " ".join(str(error).split()) or type(error).__name__)
        return _response(problem(errors.UnavailableError(UNAVAILABLE_DETAIL)), RETRY)
    if isinstance(error, asyncpg.DataError | asyncpg.CharacterNotInRepertoireError):
        log.warning("A value that PostgreSQL refuses came through.", exc_info=error)
        return _response(problem(errors.InvalidError(f"A value cannot be stored: {error}.")), {})
    log.error("An error that nobody foresaw.", exc_info=error)
    return _internal()


def _response(body: Problem, headers: dict[str, str]) -> Response[Problem]:
    return Response(body, status_code=body.status, headers=headers, media_type=MEDIA_TYPE)


def _internal() -> Response[Problem]:
    body = Problem(
        type=PREFIX + INTERNAL.slug, title=INTERNAL.title, status=INTERNAL.status, detail=INTERNAL_DETAIL
    )
    return _response(body, {})


def _framework(error: HTTPException) -> Response[Problem]:
    """Say in our words what Litestar found before a handler of ours ran."""
    status = error.status_code
    if status == HTTPStatus.NOT_FOUND:
        detail = "There is nothing at this path. /openapi.json lists every path there is."
        return _response(problem(errors.NotFoundError(detail)), {})
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allow = allowed((error.headers or {}).get("allow", "").split(", "))
        detail = f"This path takes {allow} only."
        return _response(problem(errors.MethodNotAllowedError(detail)), {"Allow": allow})
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _response(problem(errors.PayloadTooLargeError(TOO_LARGE_DETAIL)), {})
    if status == HTTPStatus.BAD_REQUEST:
        return _response(problem(_invalid(error)), {})
    log.error("The framework raised an error that is no problem of ours.", exc_info=error)
    return _internal()


TOO_LARGE_DETAIL = (
    "The body is longer than this server reads (ONWARD_MAX_BODY_BYTES)."
    " Send less at a time, or ask the operator to raise the limit."
)


def allowed(methods: list[str]) -> str:
    """Complete a list of methods by those that every path answers."""
    complete = {*methods, "OPTIONS"} - {""}
    if "GET" in complete:
        complete.add("HEAD")
    return ", ".join(sorted(complete))


def _invalid(error: HTTPException) -> RegistryError:
    if not isinstance(error, ValidationException) or not isinstance(error.extra, list):
        return errors.InvalidError(f"The request cannot be read: {error.detail}.")
    faults = [
        Fault(
            message=str(each.get("message", "")),
            member=each.get("key"),
            source=Source.BODY if each.get("key") == "data" else Source(each.get("source", Source.QUERY)),
        )
        for each in error.extra
    ]
    if any(fault.member == "data" for fault in faults):
        return errors.InvalidError("The body is empty. Send a JSON object as /openapi.json describes it.")
    named = "; ".join(f"{fault.member}: {fault.message}" for fault in faults)
    return errors.InvalidError(f"A parameter cannot be read. {named}.", faults)
