"""What if the law changed: the same law with decisions ended, added or amended."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from transfers.agreement import check_ids, check_members, check_overlaps, check_references
from transfers.checking import check_entry, has_conditions
from transfers.errors import LawDataError, TransfersError
from transfers.law import Law
from transfers.records import Adequacy, Records
from transfers.safeguards import Closed

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100)]


class End(Closed, frozen=True, kw_only=True, tag="end"):
    """End a decision, or a list: ``last_day`` is the last on which it is in force.

    ``decision`` names one by id or CELEX number; or a list, and all its entries of that day, by the instrument
    that makes it, such as ``DPO Annex 1``, or by its framework, such as ``eu_us_dpf``. An entry made later by an act
    of its own is of the list too; with the act, as in ``DPO Annex 1, AS 2024 435``, it is meant alone. What has
    ended before the day by itself is refused.
    """

    decision: Name
    last_day: date


class Add(Closed, frozen=True, kw_only=True, tag="add"):
    """Add a decision, in the form of the law's own records."""

    decision: Adequacy


class Amend(Closed, frozen=True, kw_only=True, tag="amend"):
    """Change members of a decision, such as its scope; members not named stay.

    Whether it has conditions follows from what it asks for, unless ``conditional`` is named. Its ``id`` stays.
    """

    decision: Name
    members: dict[str, Any]


LawChange: TypeAlias = End | Add | Amend


class LawChangeError(TransfersError):
    """A change of the law cannot be made; says which, why, and what to do."""


def changed(law: Law, changes: Sequence[LawChange]) -> Law:
    """Return the law with the changes made, in order; ``law`` stays as it is.

    Decisions are named by id or CELEX number, to end them also by their list. Raises ``LawChangeError`` for
    one that is not there and for a change that leaves records which overlap or end before they start.
    """
    decisions = list(law.records.adequacy)
    for change in changes:
        if isinstance(change, Add):
            decisions.append(change.decision)
            continue
        listed = _listed(decisions, change) if isinstance(change, End) else []
        for place in listed or [_find(decisions, change.decision)]:
            decisions[place] = _altered(decisions[place], change)
    known = {entry.id for entry in decisions}
    challenges = tuple(entry for entry in law.records.challenge if entry.decision in known)
    records = msgspec.structs.replace(law.records, adequacy=tuple(decisions), challenge=challenges)
    _check(records)
    digest = hashlib.sha256(msgspec.json.encode(list(changes))).hexdigest()
    return Law(records, f"{law.edition}~{digest[:8]}", law.local)


def _listed(decisions: Sequence[Adequacy], change: End) -> list[int]:
    """The entries of a list that are in force on the day after which it ends."""
    return [
        place
        for place, entry in enumerate(decisions)
        if change.decision in _lists(entry) and entry.covers(change.last_day)
    ]


def _lists(entry: Adequacy) -> set[str]:
    """By which names of a list an entry is meant: before the comma an instrument names the list, behind it the act."""
    if entry.instrument is None:
        return set(entry.certifications)
    return {entry.instrument, entry.instrument.partition(",")[0], *entry.certifications}


def _find(decisions: Sequence[Adequacy], name: str) -> int:
    for place, entry in enumerate(decisions):
        if name in {entry.id, entry.celex}:
            return place
    raise LawChangeError(
        f"there is no decision {name}; name one by the id or CELEX number under which it is listed, and a list to end"
        " by the instrument or framework of entries that are in force on its last day"
    )


def _altered(entry: Adequacy, change: End | Amend) -> Adequacy:
    if isinstance(change, End):
        if entry.last_day is not None and entry.last_day < change.last_day:
            raise LawChangeError(
                f"{entry.id} ends on {entry.last_day} by itself, before {change.last_day}, so nothing would change; "
                "name an earlier day, or to let it go on longer amend its last_day"
            )
        if entry.last_day == change.last_day:
            return entry
        if change.last_day < entry.first_day:
            raise LawChangeError(
                f"{entry.id} is in force from {entry.first_day} on, so {change.last_day} lies before it starts and "
                f"cannot be its last day; to see the law without it, end it on {entry.first_day} and look from "
                "the day after"
            )
        return _ended(entry, change.last_day)
    if change.members.get("id", entry.id) != entry.id:
        raise LawChangeError(
            f"the id of {entry.id} is no part of the law, and answers name the decision by it; leave id out, or end "
            "the decision and add another"
        )
    try:
        amended = msgspec.convert(msgspec.to_builtins(entry) | change.members, Adequacy)
    except msgspec.ValidationError as error:
        raise LawChangeError(f"{entry.id} cannot be amended so: {error}") from None
    if "conditional" in change.members or not entry.judged:
        return amended
    return msgspec.structs.replace(amended, conditional=has_conditions(amended))


def _ended(entry: Adequacy, last_day: date) -> Adequacy:
    """The decision with another last day; what would have come after it is gone."""
    phases = tuple(
        msgspec.structs.replace(phase, last_day=min(phase.last_day, last_day))
        for phase in entry.phase
        if phase.first_day <= last_day
    )
    unsure_until, opened, struck = entry.unsure_until, entry.list_open_from, entry.struck_on
    return msgspec.structs.replace(
        entry,
        last_day=last_day,
        ended_by="repeal",
        ended=f"ended after {last_day} by assumption",
        phase=phases,
        unsure_until=None if unsure_until is None else min(unsure_until, last_day),
        list_open_from=None if opened is None else min(opened, last_day),
        struck_on=None if struck is None or struck > last_day else struck,
    )


def _check(records: Records) -> None:
    try:
        check_ids("changes", records)
        for entry in records.adequacy:
            check_entry("changes", entry.id, entry)
        check_overlaps("changes", records)
        check_members("changes", records)
        check_references("changes", records)
    except LawDataError as error:
        raise LawChangeError(f"the law cannot be changed so: {error.key}: {error.what}") from None
