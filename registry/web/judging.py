"""Facts in, verdicts out: one body, or many rows of which each is answered in its place."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import msgspec

import transfers
from registry.errors import LawUnsupportedError, RegistryError
from registry.problems import Problem, problem
from registry.resources.base import check_day
from registry.web.bodies import END_OF_TIME, decode, unfit
from transfers.errors import UnsupportedError
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.law import Law

NDJSON: Final = "application/x-ndjson"
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


def verdicts(rows: Iterable[Any], law: Law, today: date) -> Iterator[bytes]:
    """Judge row by row: a row that cannot be read or judged is answered by its problem.

    Rows are bytes or ``msgspec.Raw``. Routes repeat themselves, so equal rows are judged once.
    """
    known: dict[bytes, bytes] = {}
    read, judge, write = _facts.decode, transfers.assess, _encoder.encode
    for index, row in enumerate(rows):
        body = bytes(row)
        answer = known.get(body)
        if answer is None:
            try:
                facts = read(body)
                answer = write(judge(facts, law, facts.as_of or today))
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, UnsupportedError):
                answer = None
            if answer is None or END_OF_TIME in body:
                # What is unusual goes the way of a single question, which says what is wrong with it.
                answer = _told(body, law, today, index)
            else:
                known[body] = answer
        yield answer


def lines(body: bytes) -> list[bytes]:
    """The rows of an NDJSON body; empty lines are none."""
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
