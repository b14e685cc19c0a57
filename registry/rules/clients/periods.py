"""A client's terms by period: other terms from a day on, an end, corrections of the past."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import to_builtins

from registry.resources.clients import ClientPeriod, ClientTerms
from registry.rules.documents import read
from registry.rules.patches import merge

ONE_DAY = timedelta(days=1)


def altered(
    periods: Sequence[ClientPeriod], patch: dict[str, Any], first: date, last: date | None
) -> list[ClientPeriod]:
    """The periods with a merge patch applied from a day to another, both included; None: for good.

    Where no terms hold on the first day, those of the patch alone begin on it, which must then be whole: so a
    client returns after an end. Raises `DocumentError` where what comes out is not whole, `MissingKeyError` where the
    patch removes what is not there.
    """
    found: list[ClientPeriod] = []
    for period in periods:
        begins, ends = max(period.valid_from, first), _earlier(period.valid_until, last)
        if ends is not None and ends < begins:
            found.append(period)
            continue
        if period.valid_from < begins:
            found.append(_cut(period, period.valid_from, begins - ONE_DAY))
        found.append(_made(to_builtins(period.terms), patch, begins, ends))
        if ends is not None and (period.valid_until is None or ends < period.valid_until):
            found.append(_cut(period, ends + ONE_DAY, period.valid_until))
    if not any(period.covers(first) for period in periods):
        following = min((period.valid_from for period in periods if period.valid_from > first), default=None)
        until = _earlier(last, following - ONE_DAY if following is not None else None)
        found.append(_made({}, patch, first, until))
    return joined(found)


def ended(periods: Sequence[ClientPeriod], last: date) -> list[ClientPeriod]:
    """The periods up to a day, which is the last of the contract."""
    return [
        _cut(period, period.valid_from, _earlier(period.valid_until, last))
        for period in periods
        if period.valid_from <= last
    ]


def joined(periods: Sequence[ClientPeriod]) -> list[ClientPeriod]:
    """The periods in order, those that meet and say the same as one."""
    found: list[ClientPeriod] = []
    for period in sorted(periods, key=lambda period: period.valid_from):
        before = found[-1] if found else None
        if (
            before is not None
            and before.valid_until is not None
            and before.valid_until + ONE_DAY == period.valid_from
            and before.terms == period.terms
        ):
            found[-1] = _cut(before, before.valid_from, period.valid_until)
        else:
            found.append(period)
    return found


def _made(document: dict[str, Any], patch: dict[str, Any], first: date, last: date | None) -> ClientPeriod:
    merged: dict[str, Any] = merge(document, patch)
    return ClientPeriod(valid_from=first, valid_until=last, terms=read(merged, ClientTerms))


def _cut(period: ClientPeriod, first: date, last: date | None) -> ClientPeriod:
    return ClientPeriod(valid_from=first, valid_until=last, terms=period.terms)


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day is not None]
    return min(days, default=None)
