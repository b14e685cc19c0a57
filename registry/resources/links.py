"""Links in mails: each leads to a page whose button acts, is good for one purpose and expires."""

from datetime import timedelta
from enum import StrEnum


class LinkPurpose(StrEnum):
    """The one thing that a link is good for."""

    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"
    OBJECT = "object"
    ACKNOWLEDGE = "acknowledge"


GOOD_FOR = {
    LinkPurpose.CONFIRM: timedelta(days=7),
    LinkPurpose.UNSUBSCRIBE: timedelta(days=400),
    LinkPurpose.OBJECT: timedelta(days=400),
    LinkPurpose.ACKNOWLEDGE: timedelta(days=400),
}
"""How long a link opens its page; whether an objection is still in time is decided there."""


def address(public_url: str, purpose: LinkPurpose, token: str) -> str:
    """Where the page behind a link is."""
    return f"{public_url}/links/{purpose}/{token}"
