"""Lists in pages: an opaque cursor that keeps all pages of one list together.

A cursor pins the filters, the day and the number that the first page used. The gate puts the
pinned filters back into the query before the handler reads it, so a handler sees the same
parameters on every page.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response
from msgspec import Meta, Struct

from registry.errors import Fault, InvalidError, Source

T = TypeVar("T")

Limit = Annotated[int, Meta(ge=1, le=200, description="How many entries a page holds at most.")]
CursorText = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=4_000,
        pattern=r"^[A-Za-z0-9_-]+$(?!\n)",
        description="Where to go on: `pagination.next_cursor` of the page before. It pins that page's filters.",
    ),
]
DEFAULT_LIMIT = 50
_FREE = frozenset({"cursor", "limit"})


class Pagination(Struct, frozen=True, kw_only=True):
    """Where the list goes on; ``null`` on the last page."""

    next_cursor: str | None


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list."""

    data: Sequence[T]
    pagination: Pagination


class Cursor(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What a cursor holds: the operation, the query it pins, the number as of which, and the last key."""

    operation: str
    query: dict[str, Annotated[list[str], Meta(min_length=1)]]
    number: Annotated[int, Meta(ge=0, le=2**62)]
    after: msgspec.Raw


class Position(Struct, Generic[T], frozen=True):
    """Where a page begins: behind ``after``, as of change number ``number``."""

    number: int
    after: T


_decoder = msgspec.json.Decoder(Cursor)
WRONG = "The cursor is not one that this list gave. Take `pagination.next_cursor` as it is, or begin without."


def _wrong(message: str) -> InvalidError:
    return InvalidError(message, [Fault(message=message, member="cursor", source=Source.QUERY)])


def read(text: str, operation: str | None = None) -> Cursor:
    """Decode a cursor; ``InvalidError`` for one that was cut, made up, or made by another list."""
    try:
        padded = text + "=" * (-len(text) % 4)
        cursor = _decoder.decode(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise _wrong(WRONG) from error
    if operation is not None and cursor.operation != operation:
        raise _wrong(f"The cursor was given by {cursor.operation[:50]}, not by {operation}; begin without.")
    return cursor


def pinned(given: Mapping[str, list[str]], operation: str) -> dict[str, list[str]]:
    """The query that the cursor in ``given`` stands for; filters given beside it must be its own."""
    cursor = read(given["cursor"][0], operation)
    for name, values in given.items():
        if name not in _FREE and cursor.query.get(name) != values:
            message = (
                f"The cursor was made with another `{name}`. Change filters only by beginning without cursor."
            )
            raise _wrong(message)
    free = {name: values for name, values in given.items() if name in _FREE}
    return {**{name: values for name, values in cursor.query.items() if name not in _FREE}, **free}


def position(cursor: str | None, after: type[T]) -> Position[T] | None:
    """Where the page of this cursor begins, its key converted; ``None`` without a cursor."""
    if cursor is None:
        return None
    found = read(cursor)
    try:
        return Position(found.number, msgspec.json.decode(found.after, type=after))
    except msgspec.MsgspecError as error:
        raise _wrong(WRONG) from error


def page(
    request: Request[Any, Any, Any],
    data: Sequence[T],
    *,
    after: object = None,
    number: int = 0,
    pins: Mapping[str, str] | None = None,
) -> Response[Page[T]]:
    """Answer one page of a list, with ``Link: rel=next`` when it goes on.

    ``after`` is the key of the last entry, or ``None`` on the last page. ``number`` is the change or journal
    number that the list is as of. ``pins`` are parameters that were left to their default, such as ``as_of``.
    """
    if after is None:
        return Response(Page(data=data, pagination=Pagination(next_cursor=None)))
    query = {name: values for name, values in _query(request).items() if name not in _FREE}
    query.update({name: [value] for name, value in (pins or {}).items() if name not in query})
    operation = str(request.scope["route_handler"].opt["operation"])
    cursor = Cursor(operation, query, number, msgspec.Raw(msgspec.json.encode(after)))
    text = base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")
    limit = request.query_params.get("limit")
    link = urlencode({"cursor": text, **({"limit": limit} if limit else {})})
    address = f"{request.app.state.settings.public_url}{request.scope['path']}?{link}"
    return Response(
        Page(data=data, pagination=Pagination(next_cursor=text)),
        headers={"Link": f'<{address}>; rel="next"'},
    )


def _query(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    return {name: request.query_params.getall(name) for name in request.query_params}
