"""Facts in, verdicts out: one body, or many rows of which each is answered in its place."""

import asyncio
from collections.abc import AsyncGenerator, Hashable, Iterable, Iterator
from contextlib import aclosing
from datetime import date
from typing import Any, Final

import msgspec

import transfers
from registry.errors import LawUnsupportedError, PayloadTooLargeError, RegistryError
from registry.problems import Problem, problem
from registry.resources.base import check_day
from registry.web.bodies import END_OF_TIME, decode, unfit
from registry.web.rows import Lines
from transfers.errors import UnsupportedError
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.law import Law
from transfers.likeness import Likeness

MOST_ROWS: Final = 10_000

_facts: Final = msgspec.json.Decoder(Facts)
_encoder: Final = msgspec.json.Encoder()


class RowProblem(Problem, frozen=True, kw_only=True, omit_defaults=True):
    """The problem of one row, in the row's place; ``index`` counts the rows from 0."""

    index: int


def judged(facts: Facts, law: Law, today: date) -> Assessment:
    """The verdict on the facts' own day, or else today.

    Raises ``InvalidError`` for a day that no calendar of ours takes, ``LawUnsupportedError`` for one that
    the law on record does not reach.
    """
    try:
        return transfers.assess(facts, law, facts.as_of or today)
    except UnsupportedError as error:
        check_calendar(facts)
        raise unsupported(error) from error


def check_calendar(facts: Facts) -> None:
    try:
        check_day("as_of", facts.as_of)
    except ValueError as error:
        raise unfit(str(error)) from error


def unsupported(error: UnsupportedError) -> LawUnsupportedError:
    return LawUnsupportedError(f"{error}. Nothing is answered, since a guess could be relied on.")


def verdict(body: bytes, law: Law, today: date) -> bytes:
    """Judge one body; the answer is exactly that of a single assessment."""
    return _encoder.encode(judged(decode(body, _facts), law, today))


class _Answer:
    """An encoded answer, which answers what is alike on other days too but for its ``as_of``."""

    __slots__ = ("body", "day")

    def __init__(self, day: date, body: bytes) -> None:
        self.day, self.body = day, body

    def on(self, day: date) -> bytes:
        if day == self.day:
            return self.body
        before, mark, after = self.body.partition(b'"as_of":"')
        return b"".join((before, mark, day.isoformat().encode(), after[len("2026-11-24") :]))


class Memory:
    """What was answered already: equal rows are read once, and rows that are alike before the law judged once.

    It begins anew when it is full, so that a stream without an end does not fill it.
    """

    __slots__ = ("alike", "known", "of")

    def __init__(self, law: Law) -> None:
        self.known: dict[bytes, bytes] = {}
        self.alike: dict[Hashable, _Answer] = {}
        self.of = Likeness(law).of

    def keep(self, body: bytes, answer: bytes) -> None:
        if len(self.known) >= MOST_ROWS:
            self.known.clear()
            self.alike.clear()
        self.known[body] = answer


def verdicts(
    rows: Iterable[Any], law: Law, today: date, *, first: int = 0, memory: Memory | None = None
) -> Iterator[bytes]:
    """Judge row by row: a row that cannot be read or judged is answered by its problem.

    Rows are bytes or ``msgspec.Raw``, counted from ``first``. Many rows repeat each other, or differ only in days
    that turn nothing; what ``memory`` holds is not judged again.
    """
    memory = memory or Memory(law)
    known, alike, read, of, keep = memory.known, memory.alike, _facts.decode, memory.of, memory.keep
    for index, row in enumerate(rows, first):
        body = bytes(row)
        answer = known.get(body)
        if answer is None:
            try:
                facts = read(body)
                day = facts.as_of or today
                key = of(facts, day)
                found = alike.get(key)
                if found is None:
                    found = alike[key] = _Answer(day, _encoder.encode(transfers.assess(facts, law, day)))
                answer = found.on(day)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, UnsupportedError):
                answer = None
            if answer is None or END_OF_TIME in body:
                # What is unusual goes the way of a single question, which says what is wrong with it.
                answer = _told(body, law, today, index)
            else:
                keep(body, answer)
        yield answer


async def answers(lines: Lines, law: Law, today: date, longest: int) -> AsyncGenerator[bytes, None]:
    """The answers to lines in portions, each as soon as its lines have come; others are served in between."""
    index = 0
    memory = Memory(law)
    async with aclosing(lines.portions()) as portions:
        async for rows in portions:
            if rows is None:
                error = PayloadTooLargeError(
                    f"This line is longer than the {longest:,} bytes that are read of one (ONWARD_MAX_BODY_BYTES). "
                    "Write one row a line."
                )
                made = [_encoder.encode(_in_its_place(error, index))]
            else:
                made = list(verdicts(rows, law, today, first=index, memory=memory))
            index += len(made)
            yield b"\n".join(made) + b"\n"
            await asyncio.sleep(0)


def lines(body: bytes) -> list[bytes]:
    """The rows of an NDJSON body that is held as a whole; empty lines are none."""
    return [line for line in body.split(b"\n") if line and not line.isspace()]


def _told(body: bytes, law: Law, today: date, index: int) -> bytes:
    try:
        return verdict(body, law, today)
    except RegistryError as error:
        return _encoder.encode(_in_its_place(error, index))


def _in_its_place(error: RegistryError, index: int) -> RowProblem:
    said = problem(error)
    return RowProblem(
        type=said.type,
        title=said.title,
        status=said.status,
        detail=said.detail,
        errors=said.errors,
        index=index,
    )
