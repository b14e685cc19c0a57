"""Members that a patch removes: RFC 7396 lets a misspelt one pass in silence, so it is refused here."""

from collections.abc import Iterator

from msgspec import Struct

from registry.resources.organisations import Certification, Contact, OrganisationFacts
from registry.resources.places import Place
from registry.resources.terms import Agreement, DataCategory, Safeguard, Terms, Use
from registry.rules.patches import Document, Path, matches

# What stands under each path; a member of none of these is checked when the whole document is read.
OF_TERMS: dict[Path, type[Struct]] = {
    (): Terms,
    ("uses", "*"): Use,
    ("uses", "*", "places", "*"): Place,
    ("uses", "*", "data", "*"): DataCategory,
    ("safeguards", "*"): Safeguard,
    ("agreement",): Agreement,
    ("contacts", "*"): Contact,
}
OF_ORGANISATIONS: dict[Path, type[Struct]] = {
    (): OrganisationFacts,
    ("certifications", "*"): Certification,
    ("contacts", "*"): Contact,
}


def unknown(patch: Document, known: dict[Path, type[Struct]]) -> list[tuple[Path, list[str]]]:
    """The paths that a patch sets to null although no such member exists, with those that do."""
    return [
        (path, sorted(kind.__struct_fields__))
        for path in _nulls(patch)
        for shape, kind in known.items()
        if matches(path[:-1], shape) and path[-1] not in kind.__struct_fields__
    ]


def _nulls(patch: Document, at: Path = ()) -> Iterator[Path]:
    for member, value in patch.items():
        if value is None:
            yield (*at, member)
        elif isinstance(value, dict):
            yield from _nulls(value, (*at, member))
