"""Webhooks by the Standard Webhooks specification: body, signature, and what an answer means.

The id is the delivery's and stays through all attempts, so that a receiver knows a repeat. The signature covers id,
moment and body (HMAC-SHA256); while a secret is replaced, both sign.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from registry.delivery.calls import Answer, CallError
from registry.delivery.guard import Guard
from registry.delivery.outcomes import Outcome, Result
from registry.resources.changes import PublishedChange
from registry.resources.webhooks import JournalAnchor, WebhookBody, WebhookNotice, WebhookType

PREFIX = "whsec_"
SECRET_BYTES = 32
LONGEST_BODY = 20_000
LONGEST_WAIT = timedelta(days=1)
"""However long a receiver asks us to wait."""
LONGEST_TEXT = 200

_GONE = 410


def new_secret() -> str:
    """A secret for one endpoint, to be shown once."""
    return PREFIX + b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def body(
    kind: WebhookType,
    at: datetime,
    change: PublishedChange,
    notice: WebhookNotice | None = None,
    journal: JournalAnchor | None = None,
) -> bytes:
    """The body; of a change that is too long for a webhook, differences and then parts are left to its URL."""
    whole = WebhookBody(type=kind, timestamp=at, data=change, notice=notice, journal=journal)
    encoded = msgspec.json.encode(whole)
    if len(encoded) > LONGEST_BODY and notice is not None:
        # What touches the client stands among all that changes, and at `/v1/notices`.
        whole = replace(whole, notice=replace(notice, concerns=()))
        encoded = msgspec.json.encode(whole)
    if len(encoded) <= LONGEST_BODY:
        return encoded
    bare = tuple(replace(part, differences=()) for part in change.parts)
    shorter = replace(whole, data=replace(change, parts=bare), whole=False)
    encoded = msgspec.json.encode(shorter)
    if len(encoded) <= LONGEST_BODY:
        return encoded
    cut = replace(shorter.data, parts=(), reason=_line(change.reason), title=_line(change.title))
    return msgspec.json.encode(replace(shorter, data=cut))


def headers(delivery_id: UUID, at: datetime, content: bytes, signing: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt, signed with each secret given."""
    timestamp = str(int(at.timestamp()))
    signed = f"{delivery_id}.{timestamp}.".encode() + content
    return {
        "Content-Type": "application/json",
        "webhook-id": str(delivery_id),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in signing),
    }


async def send(
    guard: Guard,
    url: str,
    *,
    delivery_id: UUID,
    at: datetime,
    content: bytes,
    signing: Sequence[str],
) -> Outcome:
    """Make one attempt, at a moment; whatever happens is an outcome."""
    try:
        answer = await guard.post(url, content, headers(delivery_id, at, content, signing))
    except CallError as error:
        return Outcome(result=Result.LATER, text=str(error))
    return outcome(answer, at)


def outcome(answer: Answer, at: datetime) -> Outcome:
    """Only 2xx is success; a redirect is not followed, and 410 means never again."""
    status = answer.status
    said = _line(answer.body.decode(errors="replace"))
    if HTTP_OK <= status < HTTP_REDIRECT:
        return Outcome(result=Result.ACCEPTED, status=status, text=f"Answered {status}.")
    if status == _GONE:
        return Outcome(result=Result.NEVER, status=status, text="Answered 410: the endpoint is gone.")
    if HTTP_REDIRECT <= status < HTTP_REFUSAL:
        text = f"Answered {status}: redirects are not followed. Give the endpoint its final address."
    else:
        text = f"Answered {status}: {said}" if said else f"Answered {status}."
    return Outcome(
        result=Result.LATER,
        status=status,
        text=text,
        not_before=_asked_for(answer.headers.get("retry-after", ""), at),
    )


HTTP_OK, HTTP_REDIRECT, HTTP_REFUSAL = 200, 300, 400


def _asked_for(retry_after: str, at: datetime) -> datetime | None:
    """`Retry-After` in seconds or as a date (RFC 9110, 10.2.3), capped; None where it says nothing."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return at + min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        asked = parsedate_to_datetime(text)
    except ValueError:
        return None
    if asked.tzinfo is None:
        asked = asked.replace(tzinfo=UTC)
    return min(asked, at + LONGEST_WAIT) if asked > at else None


def _signature(secret: str, signed: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX), validate=True)
    return "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()


def _line(text: str) -> str:
    """The beginning of a text, in one line that can be stored and shown."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"
