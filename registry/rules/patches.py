"""JSON merge patches (RFC 7396) on documents whose collections are objects under permanent keys."""

from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]
Path = tuple[str, ...]

# Where a document holds a collection: the member after each of these paths is a permanent key.
# `*` stands for any key. A patch may not remove a key that is not there; RFC 7396 alone would let
# a misspelt removal pass in silence.
COLLECTIONS: tuple[Path, ...] = (
    ("uses",),
    ("uses", "*", "services"),
    ("uses", "*", "data"),
    ("uses", "*", "places"),
    ("uses", "*", "places", "*", "services"),
    ("uses", "*", "places", "*", "regions"),
    ("services",),
    ("regimes",),
    ("data_withheld",),
    ("safeguards",),
    ("safeguards", "*", "parties"),
    ("obligations",),
    ("contacts",),
    ("links",),
    ("engaged_by",),
    ("certifications",),
    ("subject_to",),
)


class MissingKeyError(Exception):
    """A patch removes, or alters a part of, something under a key that is not there."""

    def __init__(self, path: Path, known: list[str]) -> None:
        self.path = path
        self.known = known
        super().__init__(f"{'.'.join(path)} is not there")


def matches(path: Path, pattern: Path) -> bool:
    """Whether a path has the shape of a pattern in which `*` stands for any key."""
    return len(path) == len(pattern) and all(
        wanted in ("*", member) for member, wanted in zip(path, pattern, strict=True)
    )


def is_keyed(path: Path) -> bool:
    """Whether the last member of the path is a permanent key of a collection."""
    return bool(path) and any(matches(path[:-1], collection) for collection in COLLECTIONS)


def merge(document: Any, patch: Any, at: Path = ()) -> Any:
    """The document with the patch applied (RFC 7396).

    Raises `MissingKeyError` where the patch removes a permanent key that is not there.
    """
    if not isinstance(patch, dict):
        return patch
    result: Document = dict(document) if isinstance(document, dict) else {}
    for member, value in patch.items():
        path = (*at, member)
        if value is None:
            if member not in result and is_keyed(path):
                raise MissingKeyError(path, sorted(result))
            result.pop(member, None)
        else:
            result[member] = merge(result.get(member), value, path)
    return result


def leaves(patch: Document, at: Path = ()) -> Iterator[Path]:
    """The paths that a patch writes."""
    for member, value in patch.items():
        path = (*at, member)
        if isinstance(value, dict) and value:
            yield from leaves(value, path)
        else:
            yield path


def overlap(first: Document, second: Document) -> Path | None:
    """A path that both patches write, or that one writes inside what the other writes; else None."""
    others = list(leaves(second))
    for path in leaves(first):
        for other in others:
            shorter, longer = sorted((path, other), key=len)
            if longer[: len(shorter)] == shorter:
                return longer
    return None
