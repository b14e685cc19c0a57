"""Safeguards that a list claims, laid into the terms: claimed only, until somebody has seen the document.

What the register has of the same kind stays as it is: a list never weakens what was recorded, and what it does not
claim any more is a remark.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import to_builtins
from msgspec.structs import replace

from registry.resources.terms import Safeguard
from registry.rules.differences import tool_words
from registry.rules.imports.contradictions import contradictions
from registry.rules.imports.entities import Listed
from registry.rules.imports.mechanisms import Reading, mechanisms
from registry.rules.imports.rows import Use
from registry.rules.patches import Document
from transfers.law import Law

Claims = Mapping[str, Safeguard]


class Claiming:
    """What the transfer column of a list claims, on the day on which the list is true."""

    def __init__(self, entities: Sequence[Listed], law: Law, day: date) -> None:
        self._law = law
        self._day = day
        self._readings: dict[str, Reading] = {}
        self._of: dict[int, dict[str, Safeguard]] = {}
        self.entities = [self._read(listed) for listed in entities]
        """The entities, their rows with what is to be said of their claims."""

    def of(self, listed: Listed) -> Claims:
        """The instruments by key, in the order of the list."""
        return self._of.get(listed.row, {})

    def _read(self, listed: Listed) -> Listed:
        if not any(use.mechanism for use in listed.uses):
            return listed
        return replace(listed, uses=tuple(self._row(listed, use) for use in listed.uses))

    def _row(self, listed: Listed, use: Use) -> Use:
        if not use.mechanism:
            return use
        reading = self._readings.get(use.mechanism)
        if reading is None:
            reading = self._readings[use.mechanism] = mechanisms(use.mechanism, self._day)
        claims = self._of.setdefault(listed.row, {})
        for key, safeguard in reading.claimed.items():
            claims.setdefault(key, safeguard)
        countries = [where.country for where in use.places if where.country]
        told = [
            *_claimed(reading),
            *reading.notes,
            *contradictions(reading, countries, self._law, self._day),
        ]
        return replace(use, problems=(*use.problems, *told))


def _claimed(reading: Reading) -> list[str]:
    if not reading.claimed:
        return []
    named = ", ".join(tool_words(to_builtins(safeguard.tool)) for safeguard in reading.claimed.values())
    told = (
        f"“{reading.text}” is read as a claim of {named}: not evidenced until somebody has seen the document and"
        " recorded its day."
    )
    return [told]


def laid(claims: Claims, old: Document) -> Document:
    """The safeguards with the claims that the register has nothing of their kind for, behind all that it has."""
    kinds = {safeguard["tool"]["type"] for safeguard in old.values()}
    found: Document = dict(old)
    last = max((int(safeguard.get("position", 1)) for safeguard in old.values()), default=0)
    for key, safeguard in claims.items():
        document = to_builtins(safeguard)
        if document["tool"]["type"] not in kinds and key not in found:
            last += 1
            found[key] = {**document, "position": last}
    return found


def unnamed(claims: Claims, old: Document) -> tuple[str, ...]:
    """What to tell of safeguards that the register has as mere claims, and the list does not name any more.

    They stay, since a list alone weakens nothing; whoever reads the report takes them out where they have ended.
    """
    claimed: list[Document] = [to_builtins(safeguard.tool) for safeguard in claims.values()]
    return tuple(
        f"The register has {tool_words(safeguard['tool'])} as a claim without evidence, and the list does not name it"
        f" any more. It stays; if it has ended, draft a change with “safeguards.{key}” set to null."
        for key, safeguard in old.items()
        if not safeguard.get("evidenced_on") and not any(_names(tool, safeguard["tool"]) for tool in claimed)
    )


def _names(claim: Document, tool: Document) -> bool:
    """Whether a claim is of the same instrument, as far as both say which: a set or module left out may be any."""
    return claim["type"] == tool["type"] and all(
        claim.get(member) is None or tool.get(member) is None or claim[member] == tool[member]
        for member in ("set", "module", "kind")
    )
