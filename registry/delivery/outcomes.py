"""What became of one attempt, whatever carried it."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Result(StrEnum):
    """What an attempt means for what is done next."""

    ACCEPTED = "accepted"
    """The receiving server took it: a webhook was answered 2xx, or a mail server took the mail upon itself.

    For mail that is `sent`, never `delivered`: nobody has said that it reached a mailbox.
    """
    LATER = "later"
    """It was not taken, and may be taken another time."""
    NEVER = "never"
    """It is refused for good: the endpoint is gone (410), or the mail or its address is refused (5xx)."""


class Outcome(Struct, frozen=True, kw_only=True):
    """One attempt: its result, the receiver's code if it gave one, and a line for a person.

    ``not_before`` is what the receiver asked for (`Retry-After`), already capped.
    """

    result: Result
    text: str
    status: int | None = None
    not_before: datetime | None = None
