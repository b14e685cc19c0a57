"""Reading robots.txt (RFC 9309): which paths of a host programs are to leave alone, and how often they may come."""

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from msgspec import Struct

READ = 512_000
"""Bytes that are read; RFC 9309 asks for at least so many, and what is behind them is left out."""

_SAFE = "/?&=:@!$'()*+,;~-._%"
_PRODUCT = re.compile(r"[A-Za-z_-]+")


class Rule(Struct, frozen=True):
    """One line that allows or forbids."""

    allows: bool
    path: str


class Robots(Struct, frozen=True, kw_only=True):
    """What one host asks of one program."""

    rules: tuple[Rule, ...] = ()
    delay: float = 0.0
    """Seconds between two requests that it asks for (`Crawl-delay`, which is no part of the RFC, but in use)."""

    def allow(self, path: str) -> bool:
        """Whether a path with its query may be asked for: the longest rule decides, of two alike that which allows."""
        asked = _plain(path or "/")
        best = max(
            (rule for rule in self.rules if _matches(rule.path, asked)),
            key=lambda rule: (len(rule.path), rule.allows),
            default=None,
        )
        return best is None or best.allows


def read(content: bytes, product: str) -> Robots:
    """The rules for a program of this name: those of all groups that name it, and those for `*` where none does."""
    ours: list[tuple[str, str]] = []
    everybody: list[tuple[str, str]] = []
    named: set[str] = set()
    is_named = False
    begins = False
    for field, value in _lines(content[:READ]):
        if field == "user-agent":
            if not begins:
                named = set()
            begins = True
            found = _PRODUCT.match(value)
            named.add("*" if value.startswith("*") else found[0].casefold() if found else "")
            is_named = is_named or product.casefold() in named
        elif field in {"allow", "disallow", "crawl-delay"}:
            begins = False
            if product.casefold() in named:
                ours.append((field, value))
            if "*" in named:
                everybody.append((field, value))
    return _robots(ours if is_named else everybody)


def _lines(content: bytes) -> Sequence[tuple[str, str]]:
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    found = []
    for line in re.split(r"[\r\n]+", text):
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            found.append((field.strip().casefold(), value.strip()))
    return found


def _robots(lines: Sequence[tuple[str, str]]) -> Robots:
    rules = tuple(
        Rule(field == "allow", _plain(value)) for field, value in lines if field != "crawl-delay" and value
    )
    delays = [
        float(value)
        for field, value in lines
        if field == "crawl-delay" and re.fullmatch(r"\d{1,6}(\.\d+)?", value)
    ]
    return Robots(rules=rules, delay=max(delays, default=0.0))


def _plain(path: str) -> str:
    """Percent-encoding in one form, so that paths compare octet by octet; what is reserved stays encoded."""
    pieces = re.split(r"(%(?:2[0-9A-Fa-f]|3[A-Fa-f]|40|5[BbDd]))", path)
    return "".join(
        piece.upper()
        if at % 2
        else quote(unquote(piece, errors="surrogateescape"), safe=_SAFE, errors="surrogateescape")
        for at, piece in enumerate(pieces)
    )


def _matches(pattern: str, path: str) -> bool:
    """Whether a path begins as the pattern says; `*` is anything, and `$` at the end is the end.

    Piece by piece from the left, so that no pattern takes long.
    """
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not anchored or at == len(path)
    *between, last = others
    for piece in between:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return path.endswith(last) and len(path) - len(last) >= at if anchored else path.find(last, at) >= 0
