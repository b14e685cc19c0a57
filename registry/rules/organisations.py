"""Reading the codes of an organisation's facts."""

from typing import Any

from registry.errors import Fault
from registry.rules.patches import Document
from transfers import codes


def with_codes_read(facts: Document, member: str, faults: list[Fault]) -> Document:
    """The facts, or a patch of them, with aliases (UK, EL) made canonical; a code that never was is a fault."""
    country: Any = facts.get("country")
    if not isinstance(country, str):
        return facts
    try:
        codes.require_known(country)
        if isinstance(facts.get("subdivision"), str):
            codes.require_within(facts["subdivision"], country)
    except ValueError as error:
        faults.append(Fault(member=f"{member}.country", message=f"{error}."))
        return facts
    return {**facts, "country": codes.canonical(country)}
