"""Which verdicts turned since the register was last looked at, and what turned them."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

from registry.resources.reassessments import Cause, SeenVerdict, TurnedVerdict
from registry.resources.world import World
from registry.rules.facts import question
from registry.rules.hops import Hop
from registry.rules.spans import ONE_DAY, spans
from registry.rules.timelines import Readings, Short, Turn, course, short, since, told
from transfers.law import Law
from transfers.standing import FIRST_DAY


class Look(NamedTuple):
    """What is to be recorded: every transfer of the day as it is, and those that turned since."""

    seen: list[SeenVerdict]
    turned: list[TurnedVerdict]


def look(world: World, law: Law, known: Mapping[UUID, SeenVerdict], today: date) -> Look:
    """Compare every transfer of the day with what was last recorded.

    Each turn between the two days is told on its own day. What is seen for the first time has not turned, and
    what a published change has altered was told by that change, save when its day has only now come.
    """
    seen: list[SeenVerdict] = []
    turned: list[TurnedVerdict] = []
    readings = Readings(law)
    for sub_processor in world.sub_processors.values():
        for key, rests in spans(world, sub_processor, law).items():
            before = known.get(key)
            start = min(before.seen_on, today) if before is not None else today
            turns = [turn for turn in course(rests, law, start, readings) if turn.first_day <= today]
            if not turns or not turns[-1].covers(today):
                continue
            if before is not None:
                turned += _turns(before, turns, law, today)
            first = _known_since(before, turns[-1], law)
            if first is None:
                whole = course(rests, law, known=readings)
                first = since([turn for turn in whole if turn.first_day <= today])
            seen.append(_seen(turns[-1], law, today, first))
    return Look(seen, turned)


def facts_digest(hop: Hop) -> bytes:
    """SHA-256 of all that a verdict on the hop is made of, the day and the law apart."""
    return hashlib.sha256(msgspec.json.encode(_made_of(hop))).digest()


def _made_of(hop: Hop) -> list[object]:
    body = question(hop, FIRST_DAY)
    return [body, hop.place.group, [_made_of(upstream) for upstream in hop.upstream]]


def _turns(before: SeenVerdict, turns: Sequence[Turn], law: Law, today: date) -> Iterator[TurnedVerdict]:
    last: Short = (before.verdict, before.conservative_verdict)
    earlier: Turn | None = None
    for turn in turns:
        if turn.covers(before.seen_on):
            moved = before.law_edition != law.edition and facts_digest(turn.span.hop) == before.facts_digest
            if moved and short(turn) != last:
                yield _told(turn, last, before, law, cause=Cause.LAW, day=today)
        elif turn.first_day > before.seen_on:
            meets = earlier is not None and earlier.until == turn.first_day - ONE_DAY
            if meets and short(turn) != last:
                cause = Cause.CHANGE if turn.changes else Cause.DAY
                yield _told(turn, last, before, law, cause=cause, day=turn.first_day)
        else:
            continue
        earlier, last = turn, short(turn)


def _told(
    turn: Turn, last: Short, before: SeenVerdict, law: Law, *, cause: Cause, day: date
) -> TurnedVerdict:
    hop = turn.span.hop
    verdict, conservative = short(turn)
    event, records = told(turn, law)
    if cause is Cause.LAW:
        event = f"The law on record moved from {before.law_edition} to {law.edition}"
    return TurnedVerdict(
        transfer_id=hop.id,
        sub_processor_id=hop.sub_processor_id,
        sub_processor=hop.sub_processor,
        place=hop.place.text,
        regime=hop.regime,
        cause=cause,
        day=day,
        before=last[0],
        before_conservative=last[1],
        after=verdict,
        after_conservative=conservative,
        carried_by=turn.mechanism(law),
        event=event,
        changes=turn.changes if cause is Cause.CHANGE else (),
        law_records=records if cause is not Cause.LAW else (),
        law_before=before.law_edition,
        law_after=law.edition,
    )


def _known_since(before: SeenVerdict | None, turn: Turn, law: Law) -> date | None:
    """Since when the present verdict holds, where that was recorded of the same verdict on the same ground."""
    if before is None or turn.first_day > before.seen_on:
        return None
    recorded = (before.verdict, before.conservative_verdict, before.law_edition, before.facts_digest)
    now = (*short(turn), law.edition, facts_digest(turn.span.hop))
    return before.since if recorded == now else None


def _seen(turn: Turn, law: Law, today: date, first: date) -> SeenVerdict:
    hop = turn.span.hop
    verdict, conservative = short(turn)
    return SeenVerdict(
        transfer_id=hop.id,
        sub_processor_id=hop.sub_processor_id,
        verdict=verdict,
        conservative_verdict=conservative,
        facts_digest=facts_digest(hop),
        law_edition=law.edition,
        seen_on=today,
        since=first,
    )
