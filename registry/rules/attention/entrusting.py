"""What clients entrust to us where nothing covers that, or where it is open: Article 44 GDPR and its like."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.resources.bindings import KnownClient
from registry.rules.attention.cases import Case
from registry.rules.clients.judging import Judging
from registry.rules.spans import ONE_DAY
from registry.rules.transfers import Judged
from transfers.vocabulary import Verdict

UNSURE = {Verdict.NOT_COVERED: "transfer_not_covered", Verdict.NEEDS_REVIEW: "transfer_needs_review"}


def entrusted_not_sure(case: Case) -> Iterator[AttentionItem]:
    """Each client's transfer to each organisation of ours that is not covered, or is published to be so no more."""
    judging = Judging(case.world, case.world, (), case.law)
    moves = {period.first for own in case.world.own for period in own.periods if period.first is not None}
    for client in case.running:
        found: dict[tuple[UUID, Verdict], tuple[date, Judged]] = {}
        for day in _days(case, client, moves):
            for key, judged in judging.entrusted_after(client, day).items():
                if judged.verdict in UNSURE:
                    found.setdefault((key, judged.verdict), (day, judged))
        for (key, verdict), (day, judged) in found.items():
            yield _item(case, client, key, verdict, day, judged)


def _days(case: Case, client: KnownClient, moves: set[date]) -> list[date]:
    """Today and each later day on which we or the client's terms turn."""
    turns = moves | {period.valid_from for period in client.periods}
    return sorted({case.today, *(day for day in turns if day > case.today)})


def _item(  # noqa: PLR0917 - made in one place, in the order of reading
    case: Case, client: KnownClient, key: UUID, verdict: Verdict, day: date, judged: Judged
) -> AttentionItem:
    us = judged.hop.importer.facts
    planned = day > case.today
    where = f"the transfer of {client.reference} to us, to {us.legal_name} in {us.country or 'no country on record'}"
    asks = " ".join(missing.ask for missing in judged.assessment.missing)
    if verdict is Verdict.NOT_COVERED:
        message = (
            f"Nothing {'will cover' if planned else 'covers'} {where}{f', from {day} on' if planned else ''}."
        )
        to_do = "Conclude a safeguard with the client and record it among its terms, or undo what moves us."
    else:
        message = f"Whether {where} is covered is open{f' from {day} on' if planned else ''}."
        to_do = (
            f"Find out: {asks}" if asks else "Decide with counsel, or conclude a safeguard with the client."
        )
    return AttentionItem(
        code=UNSURE[verdict],
        urgency=case.soon(day - ONE_DAY) if planned else Urgency.NOW,
        noun=Noun.TRANSFER,
        subject=str(key),
        name=f"{client.reference} to {us.legal_name} ({judged.hop.regime})",
        message=message,
        to_do=to_do,
        since=day if planned else None,
        until=day - ONE_DAY if planned else None,
        path=f"/v1/clients/{client.id}/safeguards",
        clients=(client.reference,),
    )
