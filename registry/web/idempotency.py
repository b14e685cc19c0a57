"""``Idempotency-Key``: a request that comes twice has its effect once.

The answer is stored in the effect's own transaction, so after a crash a repeat finds either
both or neither. A repeat that comes while the first is running waits for it.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

from registry.clock import Clock
from registry.database import Connection
from registry.errors import Fault, IdempotencyKeyReusedError, InvalidError, Source
from registry.resources.actors import Actor
from registry.store import idempotency as store

T = TypeVar("T")

KEPT_FOR = timedelta(hours=24)
_KEY = re.compile(r'"?(?P<key>[\x21\x23-\x7e]{1,255})"?', re.ASCII)
_KEPT_HEADERS = frozenset({"location", "etag"})

UNFIT = "Idempotency-Key must be 1 to 255 visible ASCII characters without quotes, once; a UUID is best."
REUSED = (
    "This Idempotency-Key was used for a request with another body or query less than 24 hours ago."
    " Use a new key for a new request; repeat the same request to see its answer."
)


async def once(
    request: Request[Actor, Any, Any],
    db: Connection,
    clock: Clock,
    effect: Callable[[], Awaitable[Response[T]]],
    *,
    keep: Callable[[T], Any] = lambda content: content,
) -> Response[T]:
    """Run an effect, or give the answer it gave before under the same Idempotency-Key.

    Call it before ``require_if_match``, inside ``effect``: a repeat must not fail on what the first one
    did. ``keep`` takes secrets out of what is stored. Without the header the effect just runs.
    """
    given = request.headers.getall("idempotency-key", [])
    if not given:
        return await effect()
    matched = _KEY.fullmatch(given[0])
    if matched is None or len(given) > 1:
        raise InvalidError(UNFIT, [Fault(message=UNFIT, member="Idempotency-Key", source=Source.HEADER)])
    scope = store.Scope(request.user.name, request.method, request.scope["path"], matched["key"])
    body = await request.body()
    digest = hashlib.sha256(request.scope["query_string"] + b"\0" + body).digest()
    async with db.transaction():
        now = clock.now()
        if not await store.claim(db, scope, digest, now, now + KEPT_FOR):
            return _replay(await store.get(db, scope), digest)
        await store.purge(db, now)
        response = await effect()
        headers = {name: value for name, value in response.headers.items() if name.lower() in _KEPT_HEADERS}
        content = b"" if response.content is None else msgspec.json.encode(keep(response.content))
        await store.keep(db, scope, response.status_code or _status(request), headers, content)
    return response


def _status(request: Request[Any, Any, Any]) -> int:
    """The status that the route answers with when the response does not say."""
    return int(request.scope["route_handler"].opt["status"])


def _replay(kept: store.Kept, digest: bytes) -> Response[Any]:
    if kept.request_digest != digest:
        raise IdempotencyKeyReusedError(REUSED)
    return Response(
        kept.body or None,
        status_code=kept.status,
        headers={**kept.headers, "Idempotency-Replayed": "true"},
        media_type="application/json",
    )
