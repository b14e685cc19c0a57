"""Checks on a proposed change, each a named rule, as continuous integration runs them.

A block can be accepted only by code and subject, with a written reason. A fault that was there
before the change, unaltered by it, warns: the change did not bring it, and must not be held up.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from msgspec import Struct

from registry.resources.changes import Check, CheckLevel
from registry.resources.organisations import OrganisationFacts
from registry.resources.terms import Obligation, Terms
from registry.resources.world import World
from registry.rules.circles import circle_days, circle_on
from registry.rules.documents import read
from registry.rules.fold import on
from registry.rules.proposals import Proposal
from registry.rules.transfers import COVERED, Judged
from transfers.vocabulary import Verdict

LAPSE_WARNING = timedelta(days=180)

BLOCKS, WARNS = CheckLevel.BLOCKS, CheckLevel.WARNS


class Case(Struct, frozen=True, kw_only=True, dict=True):
    """What the checks look at: the proposal, and its transfers before and after on each turning day."""

    proposal: Proposal
    days: tuple[date, ...]
    before: dict[date, dict[UUID, Judged]]
    after: dict[date, dict[UUID, Judged]]
    notice_days: int
    touched: frozenset[UUID]
    """The sub-processors that it is about, or whose organisation it alters."""

    @cached_property
    def held(self) -> "tuple[Held, ...]":
        """The touched sub-processors on each day on which they have terms after the change."""
        return tuple(_held(self))


class Held(Struct, frozen=True, kw_only=True):
    """A touched sub-processor with its terms on a day after the change, and before it."""

    id: UUID
    organisation_id: UUID
    organisation: OrganisationFacts
    terms: Terms
    organisation_before: OrganisationFacts | None
    terms_before: Terms | None


def run(case: Case) -> tuple[Check, ...]:
    """Every finding, the blocking ones first, each once."""
    found = once(check for rule in RULES for check in rule(case))
    return tuple(sorted(found, key=lambda check: check.level is WARNS))


def once(checks: Iterable[Check]) -> list[Check]:
    """Each code and subject once; where it blocks on any day, it blocks."""
    found: dict[tuple[str, str], Check] = {}
    for check in checks:
        known = found.get((check.code, check.subject))
        if known is None or (known.level is WARNS and check.level is BLOCKS):
            found[check.code, check.subject] = check
    return list(found.values())


def transfer_not_covered(case: Case) -> Iterator[Check]:
    """Article 44 GDPR: no transfer without a ground of Chapter V."""
    for day, judged, was in _transfers(case):
        if judged.verdict is not Verdict.NOT_COVERED:
            continue
        brought = was is None or was.verdict is not Verdict.NOT_COVERED
        yield Check(
            code="transfer_not_covered",
            level=BLOCKS if brought else WARNS,
            subject=str(judged.hop.id),
            message=(
                f"Nothing covers the transfer to {judged.hop.importer.facts.legal_name} at"
                f" “{judged.hop.place.text}” for “{judged.hop.use.purpose}” on {day}."
                " Record a safeguard that holds, choose another place, or accept it with a reason."
            ),
        )


def transfer_needs_review(case: Case) -> Iterator[Check]:
    """The law or the facts leave it open; a person must look."""
    for day, judged, _ in _transfers(case):
        if judged.verdict is Verdict.NEEDS_REVIEW:
            asks = " ".join(missing.ask for missing in judged.assessment.missing)
            yield Check(
                code="transfer_needs_review",
                level=WARNS,
                subject=str(judged.hop.id),
                message=(
                    f"The transfer to {judged.hop.importer.facts.legal_name} at “{judged.hop.place.text}”"
                    f" for “{judged.hop.use.purpose}” needs review on {day}."
                    + (f" To ask: {asks}" if asks else " See the transfer's findings.")
                ),
            )


def coverage_lapses(case: Case) -> Iterator[Check]:
    """What covers the transfer ends on a day that is on record."""
    for day, judged, _ in _transfers(case):
        ends = judged.assessment.valid_until
        if judged.verdict in COVERED and ends is not None and ends < day + LAPSE_WARNING:
            yield Check(
                code="coverage_lapses",
                level=WARNS,
                subject=str(judged.hop.id),
                message=(
                    f"What covers the transfer to {judged.hop.importer.facts.legal_name} at"
                    f" “{judged.hop.place.text}” holds until {ends} only. Have another safeguard ready."
                ),
            )


def safeguard_not_evidenced(case: Case) -> Iterator[Check]:
    """A safeguard that nobody has seen signed is claimed, not proven."""
    for held in case.held:
        for key, safeguard in held.terms.safeguards.items():
            if safeguard.evidenced_on is None:
                yield Check(
                    code="safeguard_not_evidenced",
                    level=WARNS,
                    subject=f"{held.id}/{key}",
                    message=(
                        f"The safeguard “{key}” of {held.organisation.legal_name} is claimed only."
                        " See the signed document and record the day as `evidenced_on`."
                    ),
                )


def flow_down_missing(case: Case) -> Iterator[Check]:
    """Article 28(4) GDPR: the same obligations are passed on to the sub-processor by contract."""
    for held in case.held:
        missing = [duty.value for duty in Obligation if duty not in held.terms.obligations]
        if missing:
            before = held.terms_before
            yield Check(
                code="flow_down_missing",
                level=WARNS if before and before.obligations == held.terms.obligations else BLOCKS,
                subject=str(held.id),
                message=(
                    f"{held.organisation.legal_name} has not taken on: {', '.join(missing)}. Our agreement"
                    " promises clients equivalent obligations; conclude them and record them under"
                    " `obligations`."
                ),
            )


def identity_incomplete(case: Case) -> Iterator[Check]:
    """EDPB Opinion 22/2024: name, address, contact, places and special categories of every processor."""
    for held in case.held:
        missing = identity_gaps(held.organisation, held.terms)
        if missing:
            before = (
                identity_gaps(held.organisation_before, held.terms_before)
                if held.organisation_before and held.terms_before
                else None
            )
            yield Check(
                code="identity_incomplete",
                level=WARNS if before is not None and set(missing) <= set(before) else BLOCKS,
                subject=str(held.id),
                message=(
                    f"Of {held.organisation.legal_name} the register lacks: {', '.join(missing)}."
                    " Ask the vendor; controllers must have the identity of every processor at hand."
                ),
            )


def chain_cycle(case: Case) -> Iterator[Check]:
    """Who engages whom never runs in a circle, on any day from the change's own on.

    What the change leads into a circle blocks; one that was there before it warns.
    """
    before, after = case.proposal.before, case.proposal.after
    for key in sorted(case.touched):
        organisation_id = after.sub_processors[key].organisation_id
        for day in circle_days(after, organisation_id, case.days):
            circle = circle_on(after, day, organisation_id)
            if not circle:
                continue
            brought = not circle <= circle_on(before, day, organisation_id)
            name = after.organisations[organisation_id].document_on(day)["legal_name"]
            yield Check(
                code="chain_cycle",
                level=BLOCKS if brought else WARNS,
                subject=str(key),
                message=(
                    f"{name} {'would engage' if brought else 'engages'} itself through the chain on {day}."
                    " Mend `engaged_by` in one of the sub-processors involved."
                ),
                acceptable=not brought,
            )


def vendor_notice_shorter(case: Case) -> Iterator[Check]:
    """A vendor that tells us later than we must tell clients makes our promise impossible to keep."""
    for held in case.held:
        days = held.terms.notice_days
        if days is not None and days < case.notice_days:
            yield Check(
                code="vendor_notice_shorter",
                level=WARNS,
                subject=str(held.id),
                message=(
                    f"{held.organisation.legal_name} gives {days} days' notice of its own changes, we promise"
                    f" {case.notice_days}. Ask for a longer period, or follow its list closely."
                ),
            )


RULES: tuple[Callable[[Case], Iterator[Check]], ...] = (
    transfer_not_covered,
    transfer_needs_review,
    coverage_lapses,
    safeguard_not_evidenced,
    flow_down_missing,
    identity_incomplete,
    chain_cycle,
    vendor_notice_shorter,
)


def _transfers(case: Case) -> Iterator[tuple[date, Judged, Judged | None]]:
    for day in case.days:
        for key, judged in case.after[day].items():
            yield day, judged, case.before[day].get(key)


def _held(case: Case) -> Iterator[Held]:
    """The touched sub-processors on each day on which they have terms after the change."""
    for day in case.days:
        for key in sorted(case.touched):
            after = _on(case.proposal.after, key, day)
            if after is not None:
                before = _on(case.proposal.before, key, day)
                yield Held(
                    id=key,
                    organisation_id=case.proposal.after.sub_processors[key].organisation_id,
                    organisation=after[0],
                    terms=after[1],
                    organisation_before=before[0] if before else None,
                    terms_before=before[1] if before else None,
                )


def _on(world: World, key: UUID, day: date) -> tuple[OrganisationFacts, Terms] | None:
    sub_processor = world.sub_processors[key]
    period = on(sub_processor.periods, day)
    if period is None:
        return None
    document = world.organisations[sub_processor.organisation_id].document_on(day)
    return read(document, OrganisationFacts), read(period.document, Terms)


def identity_gaps(organisation: OrganisationFacts, terms: Terms) -> list[str]:
    """What of a processor's identity is not on record (EDPB Opinion 22/2024)."""
    gaps = []
    if organisation.address is None:
        gaps.append("its address")
    if not organisation.contacts and not terms.contacts:
        gaps.append("a contact")
    if any(
        place.country is None and place.group is None
        for use in terms.uses.values()
        for place in use.places.values()
    ):
        gaps.append("a place that can be named")
    if terms.special_categories is None:
        gaps.append("whether special categories of data are involved")
    return gaps
