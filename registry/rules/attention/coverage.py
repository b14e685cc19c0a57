"""Transfers without cover, in doubt, or about to lose what covers them."""

from collections.abc import Iterator, Sequence
from datetime import date

from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.rules.attention.cases import Case, Watched
from registry.rules.attention.entrusting import entrusted_not_sure
from registry.rules.hops import Hop
from registry.rules.spans import ONE_DAY
from registry.rules.timelines import Turn, told
from registry.rules.transfers import COVERED
from transfers.vocabulary import Verdict


def transfer_not_covered(case: Case) -> Iterator[AttentionItem]:
    """Article 44 GDPR: data go, or are about to go, where nothing of Chapter V carries them."""
    for one in case.transfers:
        where = _where(one.turn.span.hop)
        if one.turn.verdict is not Verdict.NOT_COVERED:
            continue
        if one.planned:
            yield _of_transfer(
                case,
                one,
                code="transfer_not_covered",
                message=f"Nothing will cover the transfer to {where}, which is published to begin.",
                to_do="Record a safeguard that holds before it begins, or postpone or withdraw the change.",
            )
        else:
            yield _of_transfer(
                case,
                one,
                code="transfer_not_covered",
                message=f"Nothing covers the transfer to {where}.",
                to_do="Record a safeguard that holds, move the place, or end the use; until then data must not go.",
            )


def transfer_needs_review(case: Case) -> Iterator[AttentionItem]:
    """The law or the facts leave it open; a person must look."""
    for one in case.transfers:
        if one.turn.verdict is not Verdict.NEEDS_REVIEW:
            continue
        careful = one.turn.said[0].conservative_verdict
        asks = " ".join(missing.ask for missing in one.turn.judged(case.law).assessment.missing)
        yield _of_transfer(
            case,
            one,
            code="transfer_needs_review",
            settled=careful is not Verdict.NOT_COVERED,
            message=(
                f"Whether the transfer to {_where(one.turn.span.hop)} is covered is open;"
                f" carefully read it is {_plain(careful)}."
            ),
            to_do=f"Ask the vendor: {asks}"
            if asks
            else "Read the transfer's findings and decide with counsel.",
        )


def coverage_lapses(case: Case) -> Iterator[AttentionItem]:
    """What covers a transfer ends within the days looked ahead, and nothing stands behind it."""
    for one in case.transfers:
        lost = _lost(one.turn, one.coming)
        if lost is None or one.turn.verdict not in COVERED:
            continue
        last = lost.first_day - ONE_DAY
        if last > case.horizon:
            continue
        event, _ = told(lost, case.law)
        hop = one.turn.span.hop
        yield _of_transfer(
            case,
            one,
            code="coverage_lapses",
            until=last,
            message=(
                f"What covers the transfer to {_where(hop)} holds until {last} only;"
                f" from then on it is {_plain(lost.verdict)}. {event}."
            ),
            to_do="Conclude and record another safeguard before that day.",
        )


def decision_ends(case: Case) -> Iterator[AttentionItem]:
    """An adequacy decision on which transfers of today rely ends within the days looked ahead."""
    relying: dict[str, int] = {}
    for one in case.transfers:
        relied = one.turn.said[0].relied_on
        if one.turn.verdict in COVERED and relied is not None and relied.decision is not None:
            relying[relied.decision] = relying.get(relied.decision, 0) + 1
    for decision in case.law.records.adequacy:
        last = decision.last_day
        if decision.id in relying and last is not None and case.today <= last <= case.horizon:
            count = relying[decision.id]
            yield AttentionItem(
                code="decision_ends",
                urgency=case.soon(last),
                noun=Noun.DECISION,
                subject=decision.id,
                name=decision.title,
                message=f"{count} transfer{'s rely' if count > 1 else ' relies'} on it, and it ends on {last}.",
                to_do=(
                    "Look whether it is renewed, and see with `POST /v1/simulations` where the transfers land without."
                ),
                until=last,
                path="/v1/adequacy-decisions",
            )


RULES = (transfer_not_covered, transfer_needs_review, entrusted_not_sure, coverage_lapses, decision_ends)


def _lost(turn: Turn, coming: Sequence[Turn]) -> Turn | None:
    """The first later answer, without a day in between, that is no cover any more."""
    last = turn.until
    for later in coming:
        if last is None or later.first_day != last + ONE_DAY:
            return None
        if later.verdict not in COVERED:
            return later
        last = later.until
    return None


def _of_transfer(
    case: Case,
    one: Watched,
    *,
    code: str,
    message: str,
    to_do: str,
    until: date | None = None,
    settled: bool = False,
) -> AttentionItem:
    """An item on a transfer: urgent at once, or by the day on which it begins or lapses; ``settled`` can wait."""
    hop = one.turn.span.hop
    if one.clients:
        message = f"{message} These rules come with the data of {', '.join(one.clients)}."
    begins = one.turn.first_day if one.planned else None
    deadline = until or (begins - ONE_DAY if begins is not None else None)
    urgency = Urgency.NOW if deadline is None else case.soon(deadline)
    return AttentionItem(
        code=code,
        urgency=Urgency.OPEN if settled else urgency,
        noun=Noun.TRANSFER,
        subject=str(hop.id),
        name=f"{hop.sub_processor}: {hop.use.purpose}, {hop.place.text} ({hop.regime})",
        message=message,
        to_do=to_do,
        since=begins or (one.since(case.law, case.readings) if until is None else None),
        until=deadline,
        path=None if one.clients else f"/v1/transfers/{hop.id}",
        clients=one.clients,
    )


def _where(hop: Hop) -> str:
    return f"{hop.importer.facts.legal_name} at “{hop.place.text}” for “{hop.use.purpose}”"


def _plain(verdict: Verdict | None) -> str:
    return verdict.value.replace("_", " ") if verdict is not None else "open"
