"""What stands behind the ground that carries a transfer, should that ground fall."""

from msgspec import Struct, ValidationError, convert, to_builtins

from registry.rules.differences import tool_words
from registry.rules.facts import ladder, question
from registry.rules.transfers import Judged, with_country
from transfers.errors import UnsupportedError
from transfers.facts import Facts
from transfers.judging import judge
from transfers.ladder import HOLDS, HOLDS_ARGUABLY
from transfers.law import Law
from transfers.vocabulary import Verdict

GOOD = frozenset({HOLDS, HOLDS_ARGUABLY})
"""How a ground stands that would carry the transfer by the careful reading of the law."""


class Reserve(Struct, frozen=True, kw_only=True):
    """A safeguard on record that would carry the transfer by itself."""

    kind: str
    name: str


def behind(judged: Judged, law: Law) -> list[Reserve]:
    """The safeguards that would carry the transfer too, in the order in which they would be relied on.

    Of a place that is a group, those of the member that is judged worst.
    """
    hop = judged.hop
    tools = ladder(hop)
    if judged.verdict is Verdict.NO_TRANSFER or not tools or hop.exporter.facts.country is None:
        return []
    body = question(hop, judged.day)
    if hop.place.country is None:
        worst = [member.country for member in judged.members if member.verdict is judged.verdict]
        if not worst:
            return []
        body = with_country(body, worst[0])
    try:
        judgement = judge(convert(body, Facts), law, judged.day)
    except (UnsupportedError, ValidationError):
        return []
    relied = judged.assessment.relied_on
    carrying = relied.index if relied is not None else None
    found = []
    for rung in judgement.rungs:
        if rung.index is not None and rung.index != carrying and rung.state in GOOD:
            tool = to_builtins(tools[rung.index].tool)
            found.append(Reserve(kind=str(tool["type"]), name=tool_words(tool)))
    return found
