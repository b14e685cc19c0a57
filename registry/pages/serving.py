"""How feeds and calendars are answered: from the shelf, or made as of the head of the register and put there."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from litestar import Response

from registry.database import Connection
from registry.routes.dependencies import AnyRequest
from registry.store import head, register
from registry.store.head import Head
from registry.store.register import Register
from registry.web.gateway import CORS, DATA_POLICY, EXPOSED, NOSNIFF, REFERRER
from registry.web.ready import PERSON, Headers, Made, Ready, dated, prefers_page

# A proxy may go on for a minute while it fetches the next, and readers may show the last for a day while the
# server is away.
STALE = "stale-while-revalidate=60, stale-if-error=86400"
VARY = (b"vary", b"Accept, Sec-Fetch-Dest")


async def from_shelf(
    request: AnyRequest,
    db: Connection,
    path: str,
    query: str,
    make: Callable[[Head, Register], Awaitable[Ready]],
) -> Response[bytes]:
    """Answer with what is ready, or make it; ``query`` is the one form of what was asked for."""
    state = request.app.state
    seen = state.shelf.look()
    at, of = await head.read(db), await register.read(db)
    edition = (at.change_no, at.feed_at, of, state.clock.today())
    state.shelf.believe(seen, edition)
    address = path, query.encode()
    ready: Ready | None = state.shelf.known(edition, *address)
    if ready is None or not ready.answers(request.scope):
        ready = await make(at, of)
        state.shelf.keep(edition, *address, ready)
    return Made(ready)


def is_person(request: AnyRequest) -> bool:
    """Whether a browser asks because somebody opens the address.

    Browsers say so only where they trust the connection; over plain HTTP it shows in what they prefer.
    """
    asked = request.scope["headers"]
    said = [value for name, value in asked if name == b"sec-fetch-dest"]
    if said:
        return PERSON in said
    accept = b", ".join(value for name, value in asked if name == b"accept")
    return prefers_page(accept)


def to_page(request: AnyRequest, ending: str = "") -> Response[bytes]:
    """Send a person to the page about the feeds; no cache keeps that for a reader."""
    address = f"{request.app.state.settings.public_url}/feeds{ending}"
    headers = {"Location": address, "Cache-Control": "no-store", "Vary": VARY[1].decode()}
    return Response(b"", status_code=303, headers=headers, media_type="text/plain")


def headers(media_type: str, cache_control: str, modified: datetime | None, now: datetime) -> Headers:
    """The headers of what everybody may read, but for the tag and the length."""
    found = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"cache-control", cache_control.encode()),
        VARY,
        CORS,
        EXPOSED,
        NOSNIFF,
        REFERRER,
        DATA_POLICY,
    ]
    if modified is not None:
        # Several publications within one second have dates that are still to come, which may not be sent.
        found.append((b"last-modified", dated(min(modified, now.replace(microsecond=0)))))
    return found


def private_headers(media_type: str, max_age: int) -> Headers:
    """The headers of what only one reader may have: no cache between keeps it, no page of others reads it."""
    return [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"cache-control", f"private, max-age={max_age}".encode()),
        VARY,
        (b"x-robots-tag", b"noindex"),
        NOSNIFF,
        REFERRER,
        DATA_POLICY,
    ]
