"""Checks of a proposed change against what each client that it touches was promised.

Their subjects begin with the client's reference, so that a block is accepted for that client alone. As among the
other checks, what was so before the change warns: the change did not bring it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from uuid import UUID

from msgspec import Struct

from registry.resources.bindings import Contested, KnownClient
from registry.resources.changes import ChangeKind, Check, CheckLevel, Effect, Notice
from registry.resources.clients import DataKind
from registry.resources.notices import AuthorisationKind
from registry.resources.world import World
from registry.rules.audience import Touched, earliest, terms_now, terms_on
from registry.rules.checks import Case
from registry.rules.clients.binding import standings
from registry.rules.clients.instructions import contravened, standing
from registry.rules.clients.judging import Judging
from registry.rules.clients.narrowing import has_contract_contact, scope
from registry.rules.patches import Document
from registry.rules.transfers import Judged
from transfers.law import Law
from transfers.vocabulary import Verdict

BLOCKS, WARNS = CheckLevel.BLOCKS, CheckLevel.WARNS

PUBLIC = "public"
"""The subject of the promise that the register makes to everybody."""

RETRACTING = (ChangeKind.WITHDRAWAL, ChangeKind.POSTPONEMENT)


class ClientCase(Struct, frozen=True, kw_only=True):
    """What these checks look at: the case, and the clients that the change touches."""

    case: Case
    touched: tuple[Touched, ...]
    clients: Mapping[UUID, KnownClient]
    """All of them: who objects need not be touched."""
    today: date
    notice_days: int
    """What the register promises to everybody."""
    law: Law
    judging: Judging


def run(case: ClientCase) -> list[Check]:
    """Every finding, each once."""
    found: dict[tuple[str, str], Check] = {}
    for rule in RULES:
        for check in rule(case):
            known = found.get((check.code, check.subject))
            if known is None or (known.level is WARNS and check.level is BLOCKS):
                found[check.code, check.subject] = check
    return list(found.values())


def notice_too_short(case: ClientCase) -> Iterator[Check]:
    """Article 28(2) GDPR: a client must have the time that it was promised to object before anything widens.

    What is late waits for nothing any more. Under specific authorisation nothing is true for the client before it
    authorised it, however soon that is. The register's promise to everybody binds it to nobody in particular, so
    it warns: a register without clients stays usable.
    """
    for touched in case.touched:
        due, day = touched.earliest_effective_on, touched.widens_on
        if day is None or day >= due or touched.authorisation is AuthorisationKind.SPECIFIC:
            continue
        yield Check(
            code="notice_too_short",
            level=BLOCKS,
            subject=touched.reference,
            message=(
                f"{touched.reference} was promised {touched.notice_days} days' notice. Published today, the change"
                f" may widen nothing for it before {due}, but does on {day}. Choose {due} or later, or publish it as"
                " an emergency (`emergency`) with its reason."
            ),
        )
    due = earliest(Notice.FULL_PERIOD, case.notice_days, case.today)
    for part in case.case.proposal.parts:
        day = min(part.effective_on, part.previously_on or part.effective_on)
        widens = any(difference.effect is Effect.WIDENS for difference in part.differences)
        if widens and case.today <= day < due:
            yield Check(
                code="notice_too_short",
                level=WARNS,
                subject=PUBLIC,
                message=(
                    f"The register promises everybody {case.notice_days} days' notice (ONWARD_NOTICE_DAYS), which"
                    f" published today end before {due}; this is true from {day} on. Choose {due} or later where it"
                    " can wait."
                ),
            )


def client_unreachable(case: ClientCase) -> Iterator[Check]:
    """A client that is owed a notice must have somebody to get it, and a way that was shown to work."""
    for touched in case.touched:
        client = case.clients[touched.client_id]
        lacking = []
        if not has_contract_contact(terms_now(client, case.today)):
            lacking.append("a contact for the contract (PATCH /v1/clients/{id}, `contacts`)")
        if not client.has_channel:
            lacking.append("a confirmed channel for contract notices (POST /v1/subscriptions)")
        if lacking:
            yield Check(
                code="client_unreachable",
                level=BLOCKS,
                subject=touched.reference,
                message=(
                    f"{touched.reference} is owed a notice of this change and lacks {' and '.join(lacking)}. Record"
                    " it first, or accept with a reason how the client is told."
                ),
            )


def authorisation_pending(case: ClientCase) -> Iterator[Check]:
    """Article 28(2) GDPR: under specific authorisation nothing widens for a client before it authorised it.

    It blocks for that client alone: publishing is the notice that the client decides upon, so nobody else waits.
    Until the client has authorised the change its list is folded without it, and says so.
    """
    subjects = {part.subject_id for part in case.case.proposal.proposed.parts}
    for touched in case.touched:
        if touched.authorisation is not AuthorisationKind.SPECIFIC or touched.owed is not Notice.FULL_PERIOD:
            continue
        client = case.clients[touched.client_id]
        waiting = sorted(
            one.number
            for one in client.contested
            if one.objection is None and subjects & set(one.subjects) and _is_unbound(client, one)
        )
        rests = (
            f" It builds upon change {', '.join(map(str, waiting))}, which the client has not authorised either."
            if waiting
            else ""
        )
        yield Check(
            code="authorisation_pending",
            level=WARNS,
            subject=touched.reference,
            message=(
                f"{touched.reference} authorises changes itself: until it has authorised this one, its list is folded"
                f" without it.{rests}"
            ),
        )


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
    for touched in case.touched:
        client = case.clients[touched.client_id]
        for day in case.case.days:
            period, within = client.on(day), scope(client, day)
            if period is None or within is None or DataKind.SPECIAL_CATEGORIES in within.withheld:
                continue
            agreed = period.terms.special_categories_agreed_on
            if agreed is not None and agreed <= day:
                continue
            for part in case.case.proposal.proposed.parts:
                if part.sub_processor_id is None:
                    continue
                worlds = (case.case.proposal.before, case.case.proposal.after)
                was, becomes = (
                    _is_special(terms_on(world, part.sub_processor_id, day, within)) for world in worlds
                )
                if not becomes:
                    continue
                yield Check(
                    code="special_categories_not_agreed",
                    level=WARNS if was else BLOCKS,
                    subject=f"{touched.reference}/{part.sub_processor_id}",
                    message=(
                        f"With {_name(case.case.proposal.after, part.sub_processor_id, day)} special categories of"
                        f" data are involved from {day} on, and with {touched.reference} no agreement on them is on"
                        " record. Conclude it (`special_categories_agreed_on`), or record that the client gives us"
                        " none (`data_withheld`)."
                    ),
                )


def objection_open(case: ClientCase) -> Iterator[Check]:
    """Nothing is built upon a change while a client's objection to it is undecided.

    To withdraw or postpone that change, or to end or narrow what it is about, meets the objection.
    """
    proposed = case.case.proposal.proposed
    for client in case.clients.values():
        for one in client.contested:
            if one.objection != "open" or one.binds_from is not None:
                continue
            if proposed.about == one.number and proposed.kind in RETRACTING:
                continue
            for part, shown in zip(proposed.parts, case.case.proposal.parts, strict=True):
                widens = any(difference.effect is Effect.WIDENS for difference in shown.differences)
                if part.subject_id in one.subjects and (widens or proposed.about == one.number):
                    yield Check(
                        code="objection_open",
                        level=BLOCKS,
                        subject=f"{client.reference}/{one.number}",
                        message=(
                            f"{client.reference} objects to change {one.number} about {shown.name}, and nothing is"
                            " decided. Answer the objection first (/v1/objections), or accept with a reason why this"
                            " change goes on."
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


RULES: tuple[Callable[[ClientCase], Iterator[Check]], ...] = (
    notice_too_short,
    client_unreachable,
    authorisation_pending,
    instruction_contravened,
    special_categories_not_agreed,
    objection_open,
    client_transfers,
)


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


def _is_unbound(client: KnownClient, one: Contested) -> bool:
    return any(
        standing.reason is not None
        for subject in one.subjects
        for standing in standings(client, subject)
        if standing.number == one.number
    )


def _is_special(document: Document | None) -> bool:
    if document is None:
        return False
    return bool(document.get("special_categories")) or any(
        category.get("special_categories")
        for use in document["uses"].values()
        for category in (use.get("data") or {}).values()
    )


def _name(world: World, sub_processor_id: UUID, day: date) -> str:
    organisation = world.organisations[world.sub_processors[sub_processor_id].organisation_id]
    return str(organisation.document_on(day)["legal_name"])
