"""``onward assess``: judge facts from a file, without a server and without a database."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from registry.clock import Clock
from registry.errors import InvalidError
from registry.settings import Settings
from registry.web.bodies import parse
from registry.web.judging import lines, verdict, verdicts
from transfers import load_law

_value = msgspec.json.Decoder(msgspec.Raw)
_rows = msgspec.json.Decoder(list[msgspec.Raw])
PROBLEM = b'{"type":"urn:onward:problem:'


def register(subparsers: Any) -> None:
    """Add ``assess``."""
    parser = subparsers.add_parser(
        "assess",
        help="judge the facts of transfers",
        description="Judge facts as POST /v1/assessments does: a JSON object, an array of them, or one object on each "
        "line. The answers come in the same form on standard output. Needs no server and no database.",
    )
    parser.add_argument("file", type=Path, help="a file of facts; - for standard input")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """1 when a row of several could not be judged: its problem stands in its place."""
    settings = Settings.load(os.environ)
    today = Clock(settings).today()
    law = load_law(settings.law_files, today)
    file: Path = arguments.file
    body = sys.stdin.buffer.read() if str(file) == "-" else _read(file)
    if not body.strip():
        raise InvalidError("There are no facts. Give a JSON object, an array of them, or one object a line.")
    if body.lstrip().startswith(b"["):
        answers = list(verdicts(parse(body, _rows), law, today))
        _write(b"[" + b",\n".join(answers) + b"]")
    elif _is_one(body):
        _write(verdict(body, law, today))
        return 0
    else:
        answers = list(verdicts(lines(body), law, today))
        _write(b"\n".join(answers))
    return int(any(answer.startswith(PROBLEM) for answer in answers))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidError(
            f"The facts in {file} cannot be read: {reason}. Give the path of a file, or - for standard input."
        ) from error


def _is_one(body: bytes) -> bool:
    """Whether it is a single value, on however many lines; a single broken one is told as such."""
    rows = lines(body)
    if len(rows) == 1:
        return True
    try:
        _value.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Several values; or one that is broken, whose first line is no whole value either.
        return not _is_whole(rows[0])
    return True


def _is_whole(row: bytes) -> bool:
    try:
        _value.decode(row)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True


def _write(answer: bytes) -> None:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()
