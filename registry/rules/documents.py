"""Documents in canonical form: what a fold yields must be whole terms, or whole facts."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from registry.errors import Fault
from registry.rules.patches import Document

S = TypeVar("S", bound=Struct)


class DocumentError(Exception):
    """A document is not whole; `fault` says which member and why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def read(document: Document, kind: type[S]) -> S:
    """The document as a Struct; raises `DocumentError` naming the member that is wrong or missing."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise DocumentError(Fault(message=message, member=path.rstrip("`").lstrip(".") or None)) from error


def canonical(document: Document, kind: type[S]) -> Document:
    """The document with every default written out and everything absent left out.

    Two documents that say the same are equal in this form, so comparing them shows real differences.
    """
    whole: Document = _without_blanks(msgspec.to_builtins(read(document, kind)))
    return whole


def _without_blanks(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {key: _without_blanks(item) for key, item in value.items() if item is not None}
    return {key: item for key, item in kept.items() if item != {}}
