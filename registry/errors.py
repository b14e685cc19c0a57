"""Everything that can go wrong for a reason the asker can mend; no HTTP in here.

Each error carries one sentence for a person (what, why, what to do) and, where
single members, parameters or rows are at fault, one ``Fault`` for each. How an
error looks over HTTP stands in ``registry.problems``.
"""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct


class Source(StrEnum):
    """Where in a request a fault lies."""

    BODY = "body"
    QUERY = "query"
    PATH = "path"
    HEADER = "header"
    ROW = "row"


class Fault(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong: what, where, and how to mend it.

    ``member`` is the path of a member in the body (``parts[0].effective_on``), or
    the name of a parameter, header or column. ``row`` counts from 1, headings included,
    as a spreadsheet shows it.
    """

    message: str
    source: Source = Source.BODY
    member: str | None = None
    row: int | None = None


class RegistryError(Exception):
    """The base of all errors that a person can meet; never raised itself."""

    def __init__(self, detail: str, errors: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)


class InvalidError(RegistryError):
    """The request cannot be read as what it should be."""


class UnauthenticatedError(RegistryError):
    """No access key where one is needed, or one that is wrong, expired or revoked."""


class ForbiddenError(RegistryError):
    """The key is good, but its role may never do this."""


class NotFoundError(RegistryError):
    """There is no such thing, or none that the asker may see."""


def no_client(client_id: object) -> NotFoundError:
    """The same words for a client that is not there and for one that the asker may not see."""
    return NotFoundError(f"There is no client {client_id} on the register.")


class MethodNotAllowedError(RegistryError):
    """The path is there, but not for this method."""


class ConflictError(RegistryError):
    """What is asked for contradicts what the register holds."""


class PreconditionFailedError(RegistryError):
    """The record has moved on since the asker read it."""


class PayloadTooLargeError(RegistryError):
    """The body is longer than is read."""


class UnsupportedMediaTypeError(RegistryError):
    """The body is of a type that is not read here."""


class UnprocessableError(RegistryError):
    """The request can be read, but breaks a rule of the register."""


class IdempotencyKeyReusedError(UnprocessableError):
    """One ``Idempotency-Key`` came with two different bodies."""


class LawUnsupportedError(UnprocessableError):
    """The law engine cannot judge this regime or tool yet, so it gives no verdict."""


class PreconditionRequiredError(RegistryError):
    """A write to a record came without ``If-Match``."""


class UnavailableError(RegistryError):
    """The database does not answer at the moment."""


class SecondPersonError(ForbiddenError):
    """Whoever drafted a change does not publish it."""


class AlreadyPublishedError(ConflictError):
    """A published change is never altered; only another change can say otherwise."""


class ChangeConflictError(ConflictError):
    """A published change stands against this one."""


class ChecksBlockError(ConflictError):
    """Checks stop the publication, and nobody has accepted them with a reason."""


class CorrectionError(UnprocessableError):
    """A correction touches more than wording."""


class WrittenByChangesError(ConflictError):
    """The record carries published changes, so only a change alters it."""
