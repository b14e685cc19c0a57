"""Checks on what would happen to the data of clients: their instructions, special categories, their own rules."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from registry.resources.bindings import KnownClient
from registry.resources.changes import Check, CheckLevel
from registry.resources.world import World
from registry.rules.audience import terms_on
from registry.rules.client_checks.cases import ClientCase
from registry.rules.clients.instructions import contravened, contraventions, standing
from registry.rules.clients.narrowing import Scope, is_special, scope, special_agreed
from registry.rules.transfers import SEVERITY, Judged
from transfers.vocabulary import Verdict

BLOCKS, WARNS = CheckLevel.BLOCKS, CheckLevel.WARNS


def instruction_contravened(case: ClientCase) -> Iterator[Check]:
    """Article 28(3)(a) GDPR: personal data are processed on the client's documented instructions only.

    What is contravened at a place under several regimes is told once.
    """
    judging = case.judging
    for touched in case.touched:
        client = case.clients[touched.client_id]
        if not client.instructions:
            continue
        for day in _days(case, client):
            before, after = judging.before(client, day), judging.after(client, day)
            if judging.moves_us:
                before = {**before, **judging.entrusted_before(client, day)}
                after = {**after, **judging.entrusted_after(client, day)}
            for instruction in standing(client.instructions, day):
                for found in contraventions(instruction, after, case.law):
                    was = before.get(found.key)
                    brought = was is None or contravened(instruction.rule, was, case.law) is None
                    hop = found.judged.hop
                    yield Check(
                        code="instruction_contravened",
                        level=BLOCKS if brought else WARNS,
                        subject=f"{touched.reference}/{instruction.id}/{found.key}",
                        message=(
                            f"{touched.reference} instructed `{instruction.kind}`: at “{hop.place.text}” for"
                            f" “{hop.use.purpose}” of {hop.sub_processor}, {found.why} on {day}. Choose"
                            " another place or vendor, or agree with the client first."
                        ),
                    )


def special_categories_not_agreed(case: ClientCase) -> Iterator[Check]:
    """The agreement lets special categories of data (Article 9 GDPR) be processed only where that is recorded."""
    proposal = case.case.proposal
    subjects = [
        part.sub_processor_id for part in proposal.proposed.parts if part.sub_processor_id is not None
    ]
    known: dict[tuple[UUID, date, Scope], tuple[bool, bool]] = {}
    for touched in case.touched:
        client = case.clients[touched.client_id]
        for day in case.case.days:
            within = scope(client, day)
            if within is None or special_agreed(client, within, day):
                continue
            for subject in subjects:
                key = (subject, day, within)
                if key not in known:
                    known[key] = (
                        is_special(terms_on(proposal.before, subject, day, within)),
                        is_special(terms_on(proposal.after, subject, day, within)),
                    )
                was, becomes = known[key]
                if not becomes:
                    continue
                yield Check(
                    code="special_categories_not_agreed",
                    level=WARNS if was else BLOCKS,
                    subject=f"{touched.reference}/{subject}",
                    message=(
                        f"With {_name(proposal.after, subject, day)} special categories of data are involved from"
                        f" {day} on, and with {touched.reference} no agreement on them is on record. Conclude it"
                        " (`special_categories_agreed_on`), or record that the client gives us none"
                        " (`data_withheld`)."
                    ),
                )


def client_transfers(case: ClientCase) -> Iterator[Check]:
    """Article 44 GDPR and its like: the client's own rules go with its data, whatever binds us."""
    for touched in case.touched:
        client = case.clients[touched.client_id]
        for day in case.case.days:
            if not case.judging.carries_rules(client, day):
                continue
            before = case.judging.before(client, day)
            for key, judged in case.judging.after(client, day).items():
                general = case.case.after[day].get(key)
                # What turns for everybody is told once for all, and not for each client.
                if general is None or (SEVERITY[general.verdict] < SEVERITY[judged.verdict]):
                    was = before.get(key) or case.case.before[day].get(key)
                    yield from _transfer(touched.reference, judged, was, day)


def entrusting_transfers(case: ClientCase) -> Iterator[Check]:
    """Article 44 GDPR: where an organisation of ours moves, so does what every client transfers to us."""
    if not case.judging.moves_us:
        return
    for touched in case.touched:
        client = case.clients[touched.client_id]
        for day in _days(case, client):
            before = case.judging.entrusted_before(client, day)
            for key, judged in case.judging.entrusted_after(client, day).items():
                yield from _entrusting(touched.reference, key, judged, before.get(key), day)


def _days(case: ClientCase, client: KnownClient) -> list[date]:
    """The days on which the change shows; where it is about us, those on which the client's own terms turn too."""
    days = set(case.case.days)
    if case.judging.moves_us and days:
        days |= {period.valid_from for period in client.periods if period.valid_from > min(days)}
    return sorted(days)


def _entrusting(reference: str, key: UUID, judged: Judged, was: Judged | None, day: date) -> Iterator[Check]:
    us = judged.hop.importer.facts
    return _verdict(
        judged,
        was,
        day,
        subject=f"{reference}/{key}",
        where=f"The transfer of {reference} to us, to {us.legal_name} in {us.country}, under {judged.hop.regime}",
        remedy=(
            "Conclude a safeguard with the client and record it among its terms (`safeguards`), leave the organisation"
            " where it is, or accept it with a reason."
        ),
    )


def _transfer(reference: str, judged: Judged, was: Judged | None, day: date) -> Iterator[Check]:
    return _verdict(
        judged,
        was,
        day,
        subject=f"{reference}/{judged.hop.id}",
        where=(
            f"For {reference}, whose data come with the rules of {judged.hop.regime}, the transfer to"
            f" {judged.hop.importer.facts.legal_name} at “{judged.hop.place.text}” for “{judged.hop.use.purpose}”"
        ),
        remedy=(
            "Record a safeguard that holds under those rules, choose another place, or accept it with a reason."
        ),
    )


def _verdict(
    judged: Judged, was: Judged | None, day: date, *, subject: str, where: str, remedy: str
) -> Iterator[Check]:
    """What a client's transfer not being covered, or being in doubt, means for the change that brings it."""
    if judged.verdict is Verdict.NOT_COVERED:
        brought = was is None or was.verdict is not Verdict.NOT_COVERED
        yield Check(
            code="transfer_not_covered",
            level=BLOCKS if brought else WARNS,
            subject=subject,
            message=f"{where} is covered by nothing on {day}. {remedy}",
        )
    elif judged.verdict is Verdict.NEEDS_REVIEW:
        asks = " ".join(missing.ask for missing in judged.assessment.missing)
        yield Check(
            code="transfer_needs_review",
            level=WARNS,
            subject=subject,
            message=f"{where} needs review on {day}." + (f" To ask: {asks}" if asks else ""),
        )


def _name(world: World, sub_processor_id: UUID, day: date) -> str:
    organisation = world.organisations[world.sub_processors[sub_processor_id].organisation_id]
    return str(organisation.document_on(day)["legal_name"])
