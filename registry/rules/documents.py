"""Documents in canonical form: what a fold yields must be whole terms, or whole facts."""

import re
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from registry.errors import Fault
from registry.rules.patches import Document

S = TypeVar("S", bound=Struct)

_KEY = "[...]"
_CHECKED = re.compile(r"([a-z_]+): ")


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
        message, path = _parts(error)
        raise DocumentError(Fault(message=message, member=_located(document, kind, path) or None)) from error


def _parts(error: msgspec.ValidationError) -> tuple[str, str]:
    """The message and the path of a fault; a check of our own begins its message with the member."""
    message, _, path = str(error).replace(" - at `key` in `$", " (a key) - at `$").partition(" - at `$")
    path = path.rstrip("`").lstrip(".")
    checked = _CHECKED.match(message)
    if checked:
        message = message[checked.end() :]
        path = f"{path}.{checked[1]}" if path else checked[1]
    return message, path


def _located(document: Document, kind: type[S], path: str) -> str:
    """The path with the keys that msgspec leaves out as `[...]`.

    Found by leaving the other keys of the collection out: the fault is where it stays the same.
    """
    said = path
    while _KEY in path:
        before, _, after = path.partition(_KEY)
        *above, collection = before.split(".")
        for key in _at(document, (*above, collection)) or {}:
            alone = _only(document, (*above, collection), key)
            try:
                msgspec.convert(alone, kind)
            except msgspec.ValidationError as error:
                if _parts(error)[1] == said:
                    document, path = alone, f"{before}.{key}{after}"
                    break
        else:
            return path.replace(_KEY, "")
    return path


def _at(document: Document, path: tuple[str, ...]) -> Any:
    value: Any = document
    for member in path:
        value = value.get(member) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else None


def _only(document: Document, path: tuple[str, ...], key: str) -> Document:
    """The document with one key alone in the collection at `path`."""
    if not path:
        return {key: document[key]}
    first, *rest = path
    return {**document, first: _only(document[first], tuple(rest), key)}


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
