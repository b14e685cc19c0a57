"""Tokens of links in mails: made when a mail is sent, looked up when its page is opened, used when its button is."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.links import GOOD_FOR, LinkPurpose, address
from registry.store import link_tokens as store
from registry.store.link_tokens import LinkToken

TOKEN_BYTES = 32
_FORM = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

NOT_GOOD = (
    "This link is not good any more, or never was. Links in our mails expire, and each is good for one purpose:"
    " take the one of the latest mail, or ask us."
)


async def issue(
    db: Connection,
    purposes: Sequence[LinkPurpose],
    subscription_id: UUID,
    change_id: UUID | None,
    *,
    at: datetime,
    public_url: str,
) -> dict[LinkPurpose, str]:
    """Make the links of one mail; only digests of their tokens are kept, so a repeated mail has others."""
    made = {purpose: secrets.token_urlsafe(TOKEN_BYTES) for purpose in purposes}
    for purpose, token in made.items():
        await store.add(
            db,
            [(digest(token), purpose)],
            subscription_id,
            change_id,
            at=at,
            until=at + GOOD_FOR[purpose],
        )
    return {purpose: address(public_url, purpose, token) for purpose, token in made.items()}


async def find(db: Connection, token: str, purpose: LinkPurpose, at: datetime) -> LinkToken:
    """What a link stands for; one ``NotFoundError`` for a token that was guessed, expired, or for another purpose.

    It may have been used: whoever presses the button twice has done it once.
    """
    found = await store.find(db, digest(token), purpose) if _FORM.fullmatch(token) else None
    if found is None or found.expires_at <= at:
        raise NotFoundError(NOT_GOOD)
    return found


def digest(token: str) -> bytes:
    """What of a token is kept."""
    return hashlib.sha256(token.encode()).digest()
