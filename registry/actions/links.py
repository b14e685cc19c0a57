"""Tokens of links in mails: made when a mail is sent, looked up when its page is opened, used when its button is."""

import hashlib
import re
import secrets
from datetime import datetime
from uuid import UUID

from registry.database import Connection
from registry.errors import NotFoundError
from registry.resources.actors import Actor, Role
from registry.resources.links import GOOD_FOR, LinkPurpose, address
from registry.resources.subscriptions import SubscriptionState
from registry.store import link_tokens as store
from registry.store import subscriptions as subscription_store
from registry.store.link_tokens import LinkToken, NewToken

TOKEN_BYTES = 32
_FORM = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)

NOT_GOOD = (
    "The address leads to nothing, or not any more. Links in our mails expire, and each is good for one purpose:"
    " take the one of the latest mail, or ask us."
)


class Issuing:
    """Makes the links of many mails, and stores the digests of their tokens at once.

    Nothing but digests is kept, so a mail that is sent again has other links than before; both are good.
    """

    def __init__(self, public_url: str, at: datetime) -> None:
        self._public_url = public_url
        self._at = at
        self._made: list[NewToken] = []

    def issue(self, purpose: LinkPurpose, subscription_id: UUID, change_id: UUID | None) -> str:
        """The address of a new link."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._made.append(
            NewToken(
                digest=digest(token),
                purpose=purpose,
                subscription_id=subscription_id,
                change_id=change_id,
                expires_at=self._at + GOOD_FOR[purpose],
            )
        )
        return address(self._public_url, purpose, token)

    async def store(self, db: Connection) -> None:
        """Before anything is sent, so that no link goes out that is not known here."""
        if self._made:
            await store.add(db, self._made, self._at)


async def find(db: Connection, token: str, purpose: LinkPurpose, at: datetime) -> LinkToken:
    """What a link stands for; one ``NotFoundError`` for a token that was guessed, expired, or for another purpose.

    It may have been used: whoever presses the button twice has done it once.
    """
    found = await store.find(db, digest(token), purpose) if _FORM.fullmatch(token) else None
    if found is None or found.expires_at <= at:
        raise NotFoundError(NOT_GOOD)
    return found


async def concerned(db: Connection, link: LinkToken) -> tuple[UUID, UUID]:
    """The change and the client that a link of a notice is about.

    `NotFoundError` where its channel has ended: whoever reads that mailbox speaks for the client no more.
    """
    found = await subscription_store.get(db, link.subscription_id)
    if found.client_id is None or link.change_id is None or found.state is SubscriptionState.ENDED:
        raise NotFoundError(NOT_GOOD)
    return link.change_id, found.client_id


def bearer(link: LinkToken) -> Actor:
    """Who presses the button of a page: nobody is known but by the mailbox that its link was sent to."""
    return Actor(name=f"link:{link.subscription_id}", holder="whoever has the link", role=Role.PUBLIC)


def digest(token: str) -> bytes:
    """What of a token is kept."""
    return hashlib.sha256(token.encode()).digest()
