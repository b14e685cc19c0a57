"""Notices that were not given, or too late, and channels that do not deliver."""

from collections.abc import Iterator
from datetime import timedelta

from registry.resources.attention import AttentionItem, FailingChannel, Noun, Urgency
from registry.rules.attention.cases import Case
from registry.rules.spans import ONE_DAY


def notice_not_given(case: Case) -> Iterator[AttentionItem]:
    """No receiving server has accepted the notice: the clock stands, and silence counts for nothing."""
    for one in case.notices:
        if one.given_on is None:
            made_on = case.day_of(one.made_at)
            yield AttentionItem(
                code="notice_not_given",
                urgency=Urgency.SOON if made_on == case.today else Urgency.NOW,
                noun=Noun.NOTICE,
                subject=f"{one.reference}/{one.number}",
                name=f"Change {one.number} for {one.reference}",
                message=(
                    f"{one.reference} is owed a notice of change {one.number}, effective on {one.effective_on},"
                    " and none of its channels has accepted it."
                ),
                to_do="Look at its deliveries and mend the channel, or tell the client by other means and record it.",
                since=made_on,
                until=one.effective_on - ONE_DAY if one.effective_on > case.today else None,
                path=f"/v1/deliveries?change={one.change_id}",
                clients=(one.reference,),
            )


def notice_given_late(case: Case) -> Iterator[AttentionItem]:
    """The notice was given, but fewer days before the change than the client was promised."""
    for one in case.notices:
        if one.given_on is None or not one.needs_period or one.effective_on <= case.today:
            continue
        earliest = one.given_on + timedelta(days=one.notice_days) + ONE_DAY
        if one.effective_on < earliest:
            yield AttentionItem(
                code="notice_given_late",
                urgency=case.soon(one.effective_on),
                noun=Noun.NOTICE,
                subject=f"{one.reference}/{one.number}",
                name=f"Change {one.number} for {one.reference}",
                message=(
                    f"{one.reference} was promised {one.notice_days} days and had its notice on {one.given_on}, but"
                    f" change {one.number} takes effect on {one.effective_on} already."
                ),
                to_do=f"Postpone the change to {earliest} or later, or agree with the client.",
                until=one.effective_on - ONE_DAY,
                path=f"/v1/changes/{one.change_id}",
                clients=(one.reference,),
            )


def channel_suspended(case: Case) -> Iterator[AttentionItem]:
    """A channel of a client that could not be reached for as long as is tried."""
    for one in case.channels:
        if one.suspended_at is not None:
            why = _said(one.suspended_reason, "no reason")
            yield AttentionItem(
                code="channel_suspended",
                urgency=Urgency.NOW if one.purpose == "contract" else Urgency.OPEN,
                noun=Noun.SUBSCRIPTION,
                subject=str(one.subscription_id),
                name=_name(one),
                message=f"The {one.channel} of {one.reference} is suspended: {why}.",
                to_do="Ask the client to mend it, and confirm it again, or to name another one.",
                since=case.day_of(one.suspended_at),
                path=f"/v1/subscriptions/{one.subscription_id}",
                clients=(one.reference,),
            )


def deliveries_failed(case: Case) -> Iterator[AttentionItem]:
    """Deliveries that were tried for as long as is tried, and that nobody has replayed."""
    for one in case.channels:
        if one.failed:
            many = "deliveries" if one.failed > 1 else "delivery"
            last = _said(one.last_status, "no answer")
            yield AttentionItem(
                code="deliveries_failed",
                urgency=Urgency.NOW if one.purpose == "contract" else Urgency.OPEN,
                noun=Noun.DELIVERY,
                subject=str(one.subscription_id),
                name=_name(one),
                message=f"{one.failed} {many} to the {one.channel} of {one.reference} failed: {last}.",
                to_do="Mend what the receiver says, and replay them: `POST /v1/deliveries/{id}/replay`.",
                since=case.day_of(one.failed_at) if one.failed_at is not None else None,
                path=f"/v1/deliveries?subscription={one.subscription_id}&state=failed",
                clients=(one.reference,),
            )


RULES = (notice_not_given, notice_given_late, channel_suspended, deliveries_failed)


def _name(one: FailingChannel) -> str:
    return f"{one.reference}: {one.channel} for {one.purpose}"


def _said(text: str | None, otherwise: str) -> str:
    """What somebody else said, to stand at the end of a sentence of ours."""
    return (text or otherwise).rstrip(". ")
