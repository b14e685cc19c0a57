"""The tables of cases, read into facts and expected answers."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from transfers.facts import Facts
from transfers.vocabulary import Verdict

FOLDER = Path(__file__).parent / "cases"


class Case(Struct, forbid_unknown_fields=True):
    """One row of a table, as written."""

    says: str
    on: date
    to: str
    from_: str = msgspec.field(name="from")
    regime: str | None = None
    exporter: dict[str, Any] = {}
    importer: dict[str, Any] = {}
    data: dict[str, Any] = {}
    access: str | None = None
    safeguards: list[dict[str, Any]] = []
    onward_from: dict[str, Any] | None = None
    verdict: Verdict = Verdict.NOT_COVERED
    careful: Verdict | None = None
    or_: list[Verdict] = msgspec.field(default_factory=list, name="or")
    because: list[str] = []
    warns: list[str] = []
    source: str = ""
    contested: str | None = None


class Table(Struct, forbid_unknown_fields=True):
    case: list[Case]
    regime: str = "eu_gdpr"


class Turn(Struct, forbid_unknown_fields=True):
    """One dated event and the answers around it."""

    event: str
    to: str
    first: date
    during: Verdict
    from_: str = msgspec.field(name="from", default="DE controller")
    regime: str = "eu_gdpr"
    exporter: dict[str, Any] = {}
    importer: dict[str, Any] = {}
    data: dict[str, Any] = {}
    safeguards: list[dict[str, Any]] = []
    before: Verdict | None = None
    last: date | None = None
    after: Verdict | None = None


class Turns(Struct, forbid_unknown_fields=True):
    turn: list[Turn]


def cases() -> list[tuple[str, Case]]:
    """Return every case with the name of its file, the regime filled in."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name != "boundaries.toml":
            table = msgspec.toml.decode(path.read_bytes(), type=Table)
            for case in table.case:
                case.regime = case.regime or table.regime
                found.append((path.stem, case))
    return found


def turns() -> list[Turn]:
    return msgspec.toml.decode((FOLDER / "boundaries.toml").read_bytes(), type=Turns).turn


def facts_of(row: Case | Turn) -> Facts:
    """Read the question of a row as the facts that a request would carry."""
    body: dict[str, Any] = {
        "regime": row.regime,
        "exporter": _party(row.from_) | row.exporter,
        "importer": _party(row.to) | row.importer,
        "data": row.data,
        "safeguards": row.safeguards,
    }
    if isinstance(row, Case):
        body["as_of"] = row.on
        if row.access is not None:
            body["access"] = row.access
        if row.onward_from is not None:
            body["onward_from"] = row.onward_from
    return msgspec.json.decode(msgspec.json.encode(_plain(body)), type=Facts)


def make_facts(route: str, /, **members: Any) -> Facts:
    """Build facts from ``"DE controller to US processor"`` and the members that differ from the defaults."""
    exporter, _, importer = route.partition(" to ")
    body = {"exporter": _party(exporter), "importer": _party(importer)}
    for name, value in members.items():
        part = body.get(name)
        body[name] = part | value if part is not None else value
    return msgspec.json.decode(msgspec.json.encode(_plain(body)), type=Facts)


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def read_toml(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def _party(words: str) -> dict[str, Any]:
    country, role = words.split()
    return {"country": country, "role": role}


def _plain(value: Any) -> Any:
    """Turn the day ``never`` into null, all through a body."""
    if value == "never":
        return None
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value
