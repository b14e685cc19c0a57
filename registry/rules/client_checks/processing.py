"""Checks on what would happen to the data of clients: their instructions, special categories, their own rules."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from registry.resources.changes import Check, CheckLevel
from registry.resources.world import World
from registry.rules.audience import terms_on
from registry.rules.client_checks.cases import ClientCase
from registry.rules.clients.instructions import contravened, standing
from registry.rules.clients.narrowing import Scope, is_special, scope, special_agreed
from registry.rules.transfers import Judged
from transfers.vocabulary import Verdict

BLOCKS, WARNS = CheckLevel.BLOCKS, CheckLevel.WARNS


def instruction_contravened(case: ClientCase) -> Iterator[Check]:
    """Article 28(3)(a) GDPR: personal data are processed on the client's documented instructions only."""
    for touched in case.touched:
        client = case.clients[touched.client_id]
        if not client.instructions:
            continue
        for day in case.case.days:
            before = case.judging.before(client, day)
            for key, judged in case.judging.after(client, day).items():
                for instruction in standing(client.instructions, day):
                    why = contravened(instruction.rule, judged, case.law)
                    if why is None:
                        continue
                    was = before.get(key)
                    brought = was is None or contravened(instruction.rule, was, case.law) is None
                    yield Check(
                        code="instruction_contravened",
                        level=BLOCKS if brought else WARNS,
                        subject=f"{touched.reference}/{instruction.id}/{key}",
                        message=(
                            f"{touched.reference} instructed `{instruction.kind}`: at “{judged.hop.place.text}” for"
                            f" “{judged.hop.use.purpose}” of {judged.hop.sub_processor}, {why} on {day}. Choose"
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
                if key not in case.case.after[day]:
                    yield from _transfer(touched.reference, judged, before.get(key), day)


def _transfer(reference: str, judged: Judged, was: Judged | None, day: date) -> Iterator[Check]:
    where = (
        f"For {reference}, whose data come with the rules of {judged.hop.regime}, the transfer to"
        f" {judged.hop.importer.facts.legal_name} at “{judged.hop.place.text}” for “{judged.hop.use.purpose}”"
    )
    if judged.verdict is Verdict.NOT_COVERED:
        brought = was is None or was.verdict is not Verdict.NOT_COVERED
        yield Check(
            code="transfer_not_covered",
            level=BLOCKS if brought else WARNS,
            subject=f"{reference}/{judged.hop.id}",
            message=(
                f"{where} is covered by nothing on {day}. Record a safeguard that holds under those rules, choose"
                " another place, or accept it with a reason."
            ),
        )
    elif judged.verdict is Verdict.NEEDS_REVIEW:
        asks = " ".join(missing.ask for missing in judged.assessment.missing)
        yield Check(
            code="transfer_needs_review",
            level=WARNS,
            subject=f"{reference}/{judged.hop.id}",
            message=f"{where} needs review on {day}." + (f" To ask: {asks}" if asks else ""),
        )


def _name(world: World, sub_processor_id: UUID, day: date) -> str:
    organisation = world.organisations[world.sub_processors[sub_processor_id].organisation_id]
    return str(organisation.document_on(day)["legal_name"])
