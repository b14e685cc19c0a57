"""Mail that lies somewhere: one message or an mbox in a file or on standard input, or a Maildir."""

import sys
from collections.abc import Iterator
from pathlib import Path

from registry.errors import InvalidError
from registry.formats import bounces

STANDARD_INPUT = "-"
LONGEST = 200_000_000
_LIVE = ("new", "cur")


def messages(where: str) -> Iterator[bytes]:
    """Every message of a file, of standard input (`-`), or of a Maildir; nothing is moved or marked."""
    if where == STANDARD_INPUT:
        yield from bounces.split(_limited(sys.stdin.buffer.read(LONGEST + 1), "Standard input"))
        return
    path = Path(where)
    if not path.exists():
        raise InvalidError(f"There is no {where}: name a file, a Maildir, or - for standard input.")
    if not path.is_dir():
        yield from bounces.split(_limited(_beginning(path), where))
        return
    if not any((path / folder).is_dir() for folder in _LIVE):
        raise InvalidError(f"{where} is no Maildir: it has neither {' nor '.join(_LIVE)} in it.")
    for folder in _LIVE:
        for file in sorted((path / folder).glob("*")):
            if file.is_file():
                yield _limited(_beginning(file), str(file))


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST + 1)


def _limited(content: bytes, where: str) -> bytes:
    if len(content) > LONGEST:
        raise InvalidError(f"{where} holds more than {LONGEST} bytes: part it, and read one after the other.")
    return content
