"""Clients that cannot be told, and changes that do not bind a client, or not yet."""

from collections.abc import Iterator
from datetime import date

from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.resources.bindings import Contested, KnownClient
from registry.resources.client_lists import DeviationReason
from registry.rules.attention.cases import TEN_DAYS, Case
from registry.rules.clients.binding import standings
from registry.rules.clients.narrowing import reachable

_CODES = {
    DeviationReason.AUTHORISATION_PENDING: "authorisation_pending",
    DeviationReason.OBJECTION_OPEN: "objection_open",
    DeviationReason.OBJECTION_UPHELD: "change_not_binding",
    DeviationReason.AUTHORISATION_REFUSED: "change_not_binding",
}
_WHY = {
    DeviationReason.AUTHORISATION_PENDING: "has not authorised it",
    DeviationReason.OBJECTION_OPEN: "objects to it, and nothing is decided",
    DeviationReason.OBJECTION_UPHELD: "objected to it, and was right",
    DeviationReason.AUTHORISATION_REFUSED: "refused it",
}
_TO_DO = {
    DeviationReason.AUTHORISATION_PENDING: "Ask the client to decide before that day; silence never counts.",
    DeviationReason.OBJECTION_OPEN: "Answer the objection, or withdraw or postpone the change.",
    DeviationReason.OBJECTION_UPHELD: "See that this client's data do not go there, or agree on an alternative.",
    DeviationReason.AUTHORISATION_REFUSED: "See that this client's data do not go there, or agree on an alternative.",
}


_ABOUT_US = "Agree with the client on how its contract goes on or ends, or withdraw or postpone the change."
_ALL_THE_SAME = "; it is about an organisation of ours, so it binds the client all the same"


def client_unreachable(case: Case) -> Iterator[AttentionItem]:
    """Article 28(2) GDPR: a client that nobody can tell cannot object."""
    for client in case.running:
        if not reachable(client, case.today, mails=True):
            yield AttentionItem(
                code="client_unreachable",
                urgency=Urgency.NOW,
                noun=Noun.CLIENT,
                subject=client.reference,
                name=client.reference,
                message=f"{client.reference} has no contact for the contract, or no channel that is confirmed.",
                to_do="Record the contact, and confirm a channel; until then nothing that touches it can be published.",
                path=f"/v1/clients/{client.id}",
                clients=(client.reference,),
            )


def contested_change(case: Case) -> Iterator[AttentionItem]:
    """A change that a client authorises itself or objects to: its list is folded without it until that is settled."""
    for client in case.running:
        for one in client.contested:
            reason = None if one.withdrawn else _reason(client, one)
            if reason is not None and reason in _CODES:
                yield _contested(case, client, one, reason)


RULES = (client_unreachable, contested_change)


def _reason(client: KnownClient, one: Contested) -> DeviationReason | None:
    """Why the change does not bind the client, for any of its subjects; None: it binds it."""
    return next(
        (
            standing.reason
            for subject in one.subjects
            for standing in standings(client, subject)
            if standing.number == one.number and standing.reason is not None
        ),
        None,
    )


def _contested(case: Case, client: KnownClient, one: Contested, reason: DeviationReason) -> AttentionItem:
    effective = case.effective.get(one.change_id)
    ours = any(own.id in one.subjects for own in case.world.own)
    return AttentionItem(
        code=_CODES[reason],
        urgency=_urgency(case, reason, effective),
        noun=Noun.OBJECTION if "objection" in reason.value else Noun.CHANGE,
        subject=f"{client.reference}/{one.number}",
        name=f"Change {one.number} for {client.reference}",
        message=f"{client.reference} {_WHY[reason]}{_ALL_THE_SAME if ours else _when(case, effective)}.",
        to_do=_ABOUT_US if ours else _TO_DO[reason],
        since=effective if effective is not None and effective <= case.today else None,
        until=effective if effective is not None and effective > case.today else None,
        path=f"/v1/changes/{one.change_id}",
        clients=(client.reference,),
    )


def _urgency(case: Case, reason: DeviationReason, effective: date | None) -> Urgency:
    """What waits for somebody is urgent from ten days before; what is settled is only to be kept in mind."""
    if _CODES[reason] == "change_not_binding":
        return Urgency.OPEN
    return Urgency.NOW if effective is None or effective <= case.today + TEN_DAYS else Urgency.SOON


def _when(case: Case, effective: date | None) -> str:
    if effective is None:
        return ""
    if effective <= case.today:
        return f"; for everybody else it is true since {effective}"
    return f"; for everybody else it is true from {effective} on"
