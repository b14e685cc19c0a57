"""Transfers judged: the worst verdict of the members of a place, with reasons and sources."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace

from registry.resources.transfers import (
    Fact,
    MemberVerdict,
    MissingFact,
    Transfer,
    TransferDetail,
)
from registry.rules.differences import tool_words
from registry.rules.facts import facts, ladder, question
from registry.rules.hops import Hop, Received
from registry.rules.unjudged import ask_exporter, ask_place, unknown, unsupported
from transfers import assess
from transfers.errors import UnsupportedError
from transfers.facts import Facts
from transfers.findings import Assessment, ReliedOn
from transfers.law import Law
from transfers.rules.onward_transfers import CONTRACTS
from transfers.safeguards import Scc, UkAddendum
from transfers.vocabulary import ClauseSet, Framework, Level, Upstream, Verdict

SEVERITY: dict[Verdict, int] = {
    Verdict.NO_TRANSFER: 0,
    Verdict.COVERED_BY_ADEQUACY: 1,
    Verdict.COVERED_BY_SAFEGUARD: 2,
    Verdict.COVERED_BY_DEROGATION: 3,
    Verdict.NEEDS_REVIEW: 4,
    Verdict.NOT_COVERED: 5,
}
"""From the best to the worst; of several, the worst is shown."""

COVERED = frozenset(
    {
        Verdict.NO_TRANSFER,
        Verdict.COVERED_BY_ADEQUACY,
        Verdict.COVERED_BY_SAFEGUARD,
        Verdict.COVERED_BY_DEROGATION,
    }
)


DATA_PRIVACY_FRAMEWORK = frozenset({Framework.EU_US_DPF, Framework.UK_EXTENSION, Framework.SWISS_US_DPF})


class Judged(Struct, frozen=True, kw_only=True):
    """A hop with its verdict on a day."""

    hop: Hop
    day: date
    assessment: Assessment
    members: tuple[MemberVerdict, ...]
    mechanism: str | None
    """What carries the transfer, in the words of a published list; None where nothing does."""
    valid_until: date | None
    """The last day of the verdict, as far as is known where it was judged."""

    @property
    def verdict(self) -> Verdict:
        return self.assessment.verdict


def judge(hop: Hop, day: date, law: Law) -> Judged:
    """The verdict of the law for a hop on a day.

    A place that is a group with a legal membership is judged for every member of that day and the
    worst verdict shown; a place that was not read into a code is never guessed and needs review.
    """
    if hop.upstream:
        hop = replace(hop, received=_received(hop, day, law))
    members: tuple[MemberVerdict, ...] = ()
    if hop.exporter.facts.country is None:
        assessment = unknown(hop, law, day, ask_exporter(hop))
    elif hop.place.country is not None:
        assessment = _assess(hop, question(hop, day), day, law)
    elif hop.place.group is not None:
        assessment, members = _of_members(hop, question(hop, day), day, law)
    else:
        assessment = unknown(hop, law, day, ask_place(hop))
    return Judged(
        hop=hop,
        day=day,
        assessment=assessment,
        members=members,
        mechanism=_mechanism(hop, assessment, law),
        valid_until=assessment.valid_until,
    )


def _received(hop: Hop, day: date, law: Law) -> Received | None:
    """What the exporter received the data under: the worst of the transfers to it.

    None where the exporter is bound by the regime itself, and where what carried the data is nothing that
    the law lets an onward transfer follow from: then the hop is judged as if the exporter were bound.
    """
    judged = [judge(upstream, day, law) for upstream in hop.upstream]
    if not judged:
        return None
    before = max(judged, key=lambda one: SEVERITY[one.verdict])
    relied = before.assessment.relied_on
    if before.verdict not in COVERED or relied is None:
        return None
    by = f"transfer {before.hop.id} to {hop.exporter.facts.legal_name}: {before.mechanism}"
    if relied.kind == "onward":
        # Only the clauses are handed down whole; who has a list's contract stands on no list itself.
        known = before.hop.received
        return replace(known, by=by) if known is not None and known.upstream is Upstream.SCC else None
    if relied.kind == "adequacy":
        lists = {
            framework
            for decision in law.records.adequacy
            if decision.id == relied.decision
            for framework in decision.certifications
        }
        upstream = Upstream.EU_US_DPF if lists & DATA_PRIVACY_FRAMEWORK else Upstream.ADEQUACY
        return Received(upstream=upstream, module=None, by=by)
    if relied.index is not None:
        tool = ladder(before.hop)[relied.index].tool
        if isinstance(tool, Scc | UkAddendum):
            # A module of an older set is a slip: none but the clauses of 2021 have some.
            older = isinstance(tool, Scc) and tool.set is not ClauseSet.SET_2021_914
            return Received(upstream=Upstream.SCC, module=None if older else tool.module, by=by)
    return None


def _assess(hop: Hop, body: dict[str, Any], day: date, law: Law) -> Assessment:
    try:
        return assess(convert(body, Facts), law, day)
    except (UnsupportedError, ValidationError) as error:
        # Facts that the engine cannot read are no verdict either.
        return unsupported(hop, law, day, error)


def _of_members(
    hop: Hop, body: dict[str, Any], day: date, law: Law
) -> tuple[Assessment, tuple[MemberVerdict, ...]]:
    """The worst assessment over the members of a group, holding until the first of them turns."""
    judged = [
        (country, _assess(hop, with_country(body, country), day, law))
        for country in sorted(law.members(str(hop.place.group), day))
    ]
    if not judged:
        return unknown(hop, law, day, ask_place(hop)), ()
    worst_one = max((answer for _, answer in judged), key=lambda answer: SEVERITY[answer.verdict])
    ends = [answer.valid_until for _, answer in judged if answer.valid_until is not None]
    return (
        replace(worst_one, valid_until=min(ends, default=None)),
        tuple(MemberVerdict(country=code, verdict=answer.verdict) for code, answer in judged),
    )


def _mechanism(hop: Hop, assessment: Assessment, law: Law) -> str | None:
    """What carries the transfer, in the words of a published list; None where nothing does."""
    if assessment.verdict not in COVERED:
        return None
    words = carried_by(hop, assessment.relied_on) or mechanism(assessment.verdict, assessment.relied_on, law)
    if words is not None:
        return words
    supporting = [finding for finding in assessment.findings if finding.level is Level.SUPPORTS]
    return f"Article {supporting[0].article}" if supporting else None


def mechanism(verdict: Verdict, relied_on: ReliedOn | None, law: Law) -> str | None:
    """In the words of a published list: that nothing is transferred, or the decision relied on."""
    if verdict is Verdict.NO_TRANSFER:
        return "No transfer to a third country"
    if verdict in COVERED and relied_on is not None and relied_on.decision is not None:
        for decision in law.records.adequacy:
            if decision.id == relied_on.decision:
                return f"Adequacy decision: {decision.title}"
    return None


def carried_by(hop: Hop, relied_on: ReliedOn | None) -> str | None:
    """The safeguard or onward contract that is relied on, in words; None where it is neither."""
    if relied_on is not None and relied_on.kind == "onward" and hop.received is not None:
        return CONTRACTS[hop.received.upstream]
    if relied_on is None or relied_on.index is None:
        return None
    return tool_words(to_builtins(ladder(hop)[relied_on.index].tool))


def listed(judged: Judged) -> Transfer:
    """The transfer as a list shows it."""
    return Transfer(**_members(judged))


def detailed(judged: Judged) -> TransferDetail:
    """The transfer with findings and every fact."""
    return TransferDetail(
        **_members(judged),
        assessment=judged.assessment,
        members=judged.members,
        facts=_facts(judged),
    )


def _facts(judged: Judged) -> tuple[Fact, ...]:
    hop = judged.hop
    known = facts(hop, judged.day)
    if not judged.members:
        return known
    source = f"uses.{hop.use_key}.places.{hop.place_key}.group, for each of {len(judged.members)} members of the day"
    return (*known, Fact(fact="importer.country", value=hop.place.group, source=source))


def _members(judged: Judged) -> dict[str, Any]:
    hop = judged.hop
    return {
        "id": hop.id,
        "as_of": judged.day,
        "regime": hop.regime,
        "sub_processor_id": hop.sub_processor_id,
        "sub_processor": hop.sub_processor,
        "use": hop.use.purpose,
        "use_key": hop.use_key,
        "place_key": hop.place_key,
        "place": hop.place.text,
        "role": hop.place.role,
        "exporter": hop.exporter.facts.legal_name,
        "exporter_country": hop.exporter.facts.country,
        "importer": hop.importer.facts.legal_name,
        "country": hop.place.country,
        "group": hop.place.group,
        "verdict": judged.verdict,
        "relied_on": judged.mechanism,
        "valid_until": judged.valid_until,
        "missing": tuple(
            MissingFact(fact=missing.fact, ask=missing.ask) for missing in judged.assessment.missing
        ),
    }


def with_country(body: dict[str, Any], country: str) -> dict[str, Any]:
    importer: dict[str, object] = {}
    importer.update(body["importer"])
    return {**body, "importer": {**importer, "country": country}}


def worst(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The worst of several verdicts; None of none."""
    return max(verdicts, key=SEVERITY.__getitem__, default=None)


def touches(judged: Judged, country: str) -> bool:
    """Whether the transfer goes to a country, itself or as a member of a group."""
    return judged.hop.place.country == country or any(member.country == country for member in judged.members)
