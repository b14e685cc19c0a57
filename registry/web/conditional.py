"""Conditional requests (RFC 9110): entity tags, ``If-Match`` and ``If-None-Match``.

A GET whose answer carries an ``ETag`` is turned into 304 by the gateway when the asker
has it; a handler that would do much work first can ask ``is_fresh`` before.
"""

import hashlib
import re
from typing import Any

from litestar import Request

from registry.errors import Fault, PreconditionFailedError, PreconditionRequiredError, Source

_TAG = re.compile(r'(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e\x80-\xff]*)"')

# What a 304 repeats of the 200 that it stands for (RFC 9110 15.4.5), with what caches and browsers need.
KEPT_ON_304 = frozenset(
    {
        b"etag",
        b"cache-control",
        b"vary",
        b"date",
        b"expires",
        b"content-location",
        b"last-modified",
        b"link",
        b"access-control-allow-origin",
        b"access-control-expose-headers",
    }
)


def etag(*parts: object) -> str:
    """A strong entity tag of all that the answer depends on, such as version and day."""
    text = "\x1f".join(str(part) for part in parts)
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'


def require_if_match(request: Request[Any, Any, Any], current: str, *, seen: bool = False) -> None:
    """Let a write pass only when its author has seen what is there now.

    ``PreconditionRequiredError`` without ``If-Match``, ``PreconditionFailedError`` with an older one.
    ``seen`` refuses ``*`` too, which says that something is there but not that it was looked at.
    """
    given = ", ".join(request.headers.getall("if-match", []))
    if not given:
        message = "Send If-Match with the ETag of what you read, so that nothing is overwritten unseen."
        raise PreconditionRequiredError(
            message, [Fault(message=message, member="If-Match", source=Source.HEADER)]
        )
    if not _matches(given, current, weakly=False) or (seen and given.strip() == "*"):
        message = "It has changed since you read it. Read it again, look, and send its new ETag in If-Match."
        raise PreconditionFailedError(
            message, [Fault(message=message, member="If-Match", source=Source.HEADER)]
        )


def is_fresh(request: Request[Any, Any, Any], current: str) -> bool:
    """Whether the asker has this already, so that 304 without a body is the answer."""
    given = ", ".join(request.headers.getall("if-none-match", []))
    return bool(given) and _matches(given, current, weakly=True)


def matches_none_match(given: str, current: str) -> bool:
    """Compare an ``If-None-Match`` header with a tag, weakly as RFC 9110 13.1.2 asks."""
    return _matches(given, current, weakly=True)


def _matches(given: str, current: str, *, weakly: bool) -> bool:
    if given.strip() == "*":
        return True
    wanted = _TAG.fullmatch(current)
    if wanted is None or (wanted["weak"] and not weakly):
        return False
    return any(
        tag["opaque"] == wanted["opaque"] and (weakly or not tag["weak"]) for tag in _TAG.finditer(given)
    )
