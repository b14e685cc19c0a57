"""What comes back from a call over HTTP, and what may come instead of it."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct


class Answer(Struct, frozen=True, kw_only=True):
    """What a server answered: names of headers are in small letters, of a repeated one the last counts.

    ``body`` is what was read of it; ``whole`` says whether that is all.
    """

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    whole: bool = True


class CallError(Exception):
    """There is no answer; the message is a sentence for whoever set up the endpoint."""


class RefusedError(CallError):
    """Nothing was called: the address is not one that may be.

    One sentence for all names and addresses, existing or not, so that nobody learns what is on our network.
    """


class UnreachableError(CallError):
    """The server could not be reached, or what it said is no HTTP."""


class TimedOutError(CallError):
    """The whole call took longer than it may, wherever the time went."""


class TooLongError(CallError):
    """The answer is longer than was asked for."""
