"""``ONWARD_RETRY_SCHEDULE``: how long to wait before each attempt at a delivery."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Self

from msgspec import Struct

DEFAULT = "0s, 30s..4h, for 3d"
MOST_ATTEMPTS = 1_000

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION = re.compile(r"([0-9]{1,7})\s*([smhd]?)\Z")
_REMEDY = f"write pauses such as 30s, 10m, 4h or 2d that commas part, as in {DEFAULT!r}"


class Schedule(Struct, frozen=True):
    """The pause before each attempt; there is one attempt for each of them."""

    pauses: tuple[timedelta, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read pauses, spans that double (`30s..4h`), and at the end for how long the last pause is repeated.

        `0s, 30s..4h, for 3d`: at once, after 30 seconds, after one minute, two, four and so on, then every
        four hours, until three days have passed since the first attempt.
        """
        parts = [part.strip() for part in text.split(",")]
        total = _duration(parts.pop().removeprefix("for")) if parts[-1].startswith("for") else None
        pauses = [pause for part in parts for pause in _pauses(part)]
        if not pauses:
            raise ValueError(f"there is no pause before the first attempt; {_REMEDY}")
        if total is not None:
            pauses += _repeats(pauses, total)
        if len(pauses) > MOST_ATTEMPTS:
            raise ValueError(f"it makes more than {MOST_ATTEMPTS} attempts; write longer pauses")
        return cls(tuple(timedelta(seconds=pause) for pause in pauses))


def _pauses(part: str) -> Iterator[int]:
    first, separator, last = part.partition("..")
    pause = _duration(first)
    if not separator:
        yield pause
        return
    longest = _duration(last)
    if not 0 < pause < longest:
        raise ValueError(f"{part!r} does not grow; {_REMEDY}")
    while pause < longest:
        yield pause
        pause *= 2
    yield longest


def _repeats(pauses: list[int], total: int) -> list[int]:
    last, rest = pauses[-1], total - sum(pauses[1:])
    if last == 0:
        raise ValueError(f"the last pause is none, so it cannot be repeated; {_REMEDY}")
    if rest < 0:
        raise ValueError("the pauses are longer together than the time after `for`")
    return [last] * min(rest // last, MOST_ATTEMPTS)


def _duration(text: str) -> int:
    found = _DURATION.match(text.strip())
    if found is None:
        raise ValueError(f"{text.strip()!r} is no length of time; {_REMEDY}")
    return int(found[1]) * _SECONDS[found[2]]
