"""What is owed and not done: agreements, obligations passed on, identities, and the law looked up."""

from collections.abc import Iterator
from datetime import timedelta

from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.resources.terms import Obligation
from registry.rules.attention.cases import Case, Held
from registry.rules.checks import identity_gaps
from transfers import upkeep

STALE = timedelta(days=90)
"""After so many days a record of the law is to be looked up again."""


def agreement_action_required(case: Case) -> Iterator[AttentionItem]:
    """Article 28(4) GDPR: the contract with the sub-processor waits for something of ours."""
    for held in case.held:
        if held.terms.agreement is not None and held.terms.agreement.status == "action_required":
            yield _of(
                held,
                code="agreement_action_required",
                urgency=Urgency.NOW,
                message=f"The data processing agreement with {held.name} is not in force until somebody acts.",
                to_do="Conclude it, and record its status as `incorporated` by a change.",
            )


def flow_down_missing(case: Case) -> Iterator[AttentionItem]:
    """Article 28(4) GDPR: the same obligations are passed on to the sub-processor by contract."""
    for held in case.held:
        missing = [duty.value for duty in Obligation if duty not in held.terms.obligations]
        if missing:
            yield _of(
                held,
                code="flow_down_missing",
                urgency=Urgency.NOW,
                message=f"{held.name} has not taken on: {', '.join(missing)}.",
                to_do="Conclude them, and record them under `obligations` by a change.",
            )


def identity_incomplete(case: Case) -> Iterator[AttentionItem]:
    """EDPB Opinion 22/2024: controllers must have the identity of every processor at hand."""
    for held in case.held:
        missing = identity_gaps(held.organisation, held.terms)
        if missing:
            yield _of(
                held,
                code="identity_incomplete",
                urgency=Urgency.OPEN,
                message=f"Of {held.name} the register lacks: {', '.join(missing)}.",
                to_do="Ask the vendor, and record it by a change.",
            )


def vendor_notice_shorter(case: Case) -> Iterator[AttentionItem]:
    """A vendor that tells us later than we must tell clients makes our promise impossible to keep."""
    for held in case.held:
        days = held.terms.notice_days
        if days is not None and days < case.promised:
            yield _of(
                held,
                code="vendor_notice_shorter",
                urgency=Urgency.OPEN,
                message=f"{held.name} gives {days} days' notice of its changes, and we promise up to {case.promised}.",
                to_do="Ask for a longer period, or follow its own list closely.",
            )


def law_unchecked(case: Case) -> Iterator[AttentionItem]:
    """Law data that nobody has looked up for long: verdicts are only as good as they are."""
    old = upkeep.stale(case.law, case.today - STALE)
    if old:
        yield AttentionItem(
            code="law_unchecked",
            urgency=Urgency.OPEN,
            noun=Noun.LAW,
            subject=case.law.edition,
            name=f"Law data, edition {case.law.edition}",
            message=(
                f"{len(old)} records were last checked more than {STALE.days} days ago; the oldest,"
                f" {old[0].id}, on {old[0].checked_on}."
            ),
            to_do="Install the newest release, or look them up: `onward law check` lists them.",
            since=old[0].checked_on + STALE,
            path="/v1/law",
        )


RULES = (
    agreement_action_required,
    flow_down_missing,
    identity_incomplete,
    vendor_notice_shorter,
    law_unchecked,
)


def _of(held: Held, *, code: str, urgency: Urgency, message: str, to_do: str) -> AttentionItem:
    return AttentionItem(
        code=code,
        urgency=urgency,
        noun=Noun.SUB_PROCESSOR,
        subject=str(held.id),
        name=held.name,
        message=message,
        to_do=to_do,
        path=f"/v1/sub-processors/{held.id}",
    )
