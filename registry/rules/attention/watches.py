"""Watched lists that cannot be read: what their vendors change meanwhile, nobody is told."""

from collections.abc import Iterator

from registry.resources.attention import AttentionItem, FailingWatch, Noun, Urgency
from registry.rules.attention.cases import Case

FAILURES = 3
"""Looks in a row after which a person is asked; fewer mend themselves."""


def watch_failing(case: Case) -> Iterator[AttentionItem]:
    """A list that failed again and again, or that lost most of what it had."""
    for one in case.watches:
        if one.doubtful or one.failures >= FAILURES:
            yield AttentionItem(
                code="watch_failing",
                urgency=Urgency.OPEN,
                noun=Noun.WATCHED_LIST,
                subject=str(one.id),
                name=one.name,
                message=f"It could not be read {_often(one.failures)}: {one.message or 'nobody knows why.'}",
                to_do=_to_do(one),
                since=case.day_of(one.failing_since),
                path=f"/v1/watched-lists/{one.id}",
            )


RULES = (watch_failing,)


def _often(times: int) -> str:
    return "at the last look" if times == 1 else f"at the last {times} looks"


def _to_do(one: FailingWatch) -> str:
    if one.doubtful:
        return (
            "Read it by hand. If it is right, take it as it is with `onward watch run --take ID`; if not, wait, or"
            " watch another address."
        )
    return "Read it by hand, then watch the address where it is now, or watch it no longer."
