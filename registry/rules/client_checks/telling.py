"""Checks on how clients are told, what they have still to decide, and what they object to."""

from collections.abc import Iterator

from registry.resources.bindings import Contested, KnownClient
from registry.resources.changes import ChangeKind, Check, CheckLevel, Effect, Notice
from registry.resources.notices import AuthorisationKind
from registry.rules.audience import earliest, terms_now
from registry.rules.client_checks.cases import ClientCase
from registry.rules.clients.binding import standings
from registry.rules.clients.narrowing import has_contract_contact

BLOCKS, WARNS = CheckLevel.BLOCKS, CheckLevel.WARNS

PUBLIC = "public"
"""The subject of the promise that the register makes to everybody."""

RETRACTING = (ChangeKind.WITHDRAWAL, ChangeKind.POSTPONEMENT)


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
        elif client.by_mail_alone and not case.mails:
            yield Check(
                code="client_unreachable",
                level=WARNS,
                subject=touched.reference,
                message=(
                    f"{touched.reference} is told by mail alone, and no mail server is set (ONWARD_SMTP_URL): a notice"
                    " waits until one is, and its days to object begin only then."
                ),
            )


def authorisation_pending(case: ClientCase) -> Iterator[Check]:
    """Article 28(2) GDPR: under specific authorisation nothing widens for a client before it authorised it.

    It blocks for that client alone: publishing is the notice that the client decides upon, so nobody else waits.
    Until the client has authorised the change its list is folded without it, and says so.
    """
    subjects = {part.subject_id for part in case.case.proposal.proposed.parts}
    ours = any(own.id in subjects for own in case.case.proposal.after.own)
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
        until = "until it has authorised this one, its list is folded without it."
        if ours:
            until = (
                "what is said of our own organisation binds it all the same, so ask it first: if it refuses, its"
                " contract must end."
            )
        yield Check(
            code="authorisation_pending",
            level=WARNS,
            subject=touched.reference,
            message=f"{touched.reference} authorises changes itself: {until}{rests}",
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


def _is_unbound(client: KnownClient, one: Contested) -> bool:
    return any(
        standing.reason is not None
        for subject in one.subjects
        for standing in standings(client, subject)
        if standing.number == one.number
    )
