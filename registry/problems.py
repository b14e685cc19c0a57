"""The catalogue of problems: how each error looks over HTTP (RFC 9457).

One entry per class in ``registry.errors``, with one heading in
``openapi/problems.md`` for its slug; a test checks both.
"""

from msgspec import Struct

from registry import errors
from registry.errors import Fault, RegistryError

MEDIA_TYPE = "application/problem+json"
PREFIX = "urn:onward:problem:"


class Kind(Struct, frozen=True):
    """What all problems of one kind share."""

    slug: str
    status: int
    title: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every answer that is an error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] = []


INTERNAL = Kind("internal-error", 500, "Something went wrong inside Onward")

CATALOGUE: dict[type[RegistryError], Kind] = {
    errors.InvalidError: Kind("invalid-request", 400, "The request cannot be read"),
    errors.UnauthenticatedError: Kind("unauthenticated", 401, "A valid access key is needed"),
    errors.ForbiddenError: Kind("forbidden", 403, "The role of this key may not do this"),
    errors.NotFoundError: Kind("not-found", 404, "There is no such thing"),
    errors.MethodNotAllowedError: Kind("method-not-allowed", 405, "The method is not allowed on this path"),
    errors.ConflictError: Kind("conflict", 409, "The request contradicts the register"),
    errors.PreconditionFailedError: Kind(
        "precondition-failed", 412, "The record has changed since it was read"
    ),
    errors.PayloadTooLargeError: Kind("payload-too-large", 413, "The body is too long"),
    errors.UnsupportedMediaTypeError: Kind(
        "unsupported-media-type", 415, "The body is of a type that is not read here"
    ),
    errors.UnprocessableError: Kind("unprocessable", 422, "The request breaks a rule"),
    errors.IdempotencyKeyReusedError: Kind(
        "idempotency-key-reused", 422, "The Idempotency-Key was used for another request"
    ),
    errors.LawUnsupportedError: Kind("law-unsupported", 422, "The law engine cannot judge this yet"),
    errors.PreconditionRequiredError: Kind(
        "precondition-required", 428, "The write needs an If-Match header"
    ),
    errors.SecondPersonError: Kind("second-person-needed", 403, "Who drafted a change does not publish it"),
    errors.AlreadyPublishedError: Kind("already-published", 409, "A published change is never altered"),
    errors.ChangeConflictError: Kind("change-conflict", 409, "A published change stands against this one"),
    errors.ChecksBlockError: Kind("checks-block", 409, "Checks stop the publication"),
    errors.WrittenByChangesError: Kind("written-by-changes", 409, "This record is altered by changes only"),
    errors.CorrectionError: Kind("correction-too-wide", 422, "A correction touches more than wording"),
    errors.UnavailableError: Kind("unavailable", 503, "The database does not answer"),
}


def kind_of(error: type[RegistryError]) -> Kind:
    """Look an error up; one that has no entry of its own looks like what it derives from."""
    for ancestor in error.__mro__:
        if ancestor in CATALOGUE:
            return CATALOGUE[ancestor]
    return INTERNAL


def problem(error: RegistryError) -> Problem:
    """Say an error in the form of RFC 9457."""
    kind = kind_of(type(error))
    return Problem(
        type=PREFIX + kind.slug,
        title=kind.title,
        status=kind.status,
        detail=error.detail,
        errors=error.errors,
    )
