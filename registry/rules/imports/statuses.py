"""Whether a row is in use, planned or ended, and from when to when, as its columns say."""

import re
from datetime import date
from enum import StrEnum

from msgspec import Struct

from registry.resources.lists import Column, ListRow
from registry.rules.imports.days import day_of
from registry.rules.imports.texts import folded, one_line


class Status(StrEnum):
    """What a status column says."""

    IN_USE = "in_use"
    PLANNED = "planned"
    ENDED = "ended"


WORDS = {
    Status.IN_USE: (
        "active", "current", "currently used", "live", "in use", "used", "approved", "existing", "added", "new",
        "enabled", "effective", "aktiv", "laufend", "genutzt", "in Nutzung", "bestehend", "neu", "actif", "active",
        "en cours", "utilisé", "nouveau", "이용중", "이용 중", "사용중", "사용 중", "운영중", "신규",
    ),
    Status.PLANNED: (
        "planned", "upcoming", "pending", "coming soon", "proposed", "future", "announced", "to be added",
        "under review", "not yet active",
         "geplant", "bevorstehend", "angekündigt", "künftig", "prévu", "prévue", "à venir", "예정",
        "도입 예정",
    ),
    Status.ENDED: (
        "removed", "ended", "inactive", "former", "deprecated", "discontinued", "terminated", "retired",
        "decommissioned", "no longer used", "no longer in use", "not used", "disabled", "sunset", "archived",
        "replaced", "deleted", "entfernt", "beendet", "inaktiv", "ehemalig", "abgelöst", "retiré", "retirée",
        "supprimé", "terminé", "inactif", "종료", "삭제", "해지", "미사용", "중단",
    ),
}  # fmt: skip
_ENDED = re.compile(
    r"\b(?:no longer (?:in )?use[d]?|not (?:in use|used) any ?more|discontinued|decommissioned|phased out|terminated"
    r"|(?:has been|was|is being|will be|to be) (?:removed|replaced|retired|discontinued)|replaced by"
    r"|nicht mehr (?:genutzt|verwendet|eingesetzt|im Einsatz)|n['’]est plus utilisée?)\b",
    re.IGNORECASE,
)
_KNOWN = {folded(word): status for status, words in WORDS.items() for word in words}


class Standing(Struct, frozen=True, kw_only=True):
    """What a row says of its own time; None: it does not say."""

    status: Status | None = None
    added_on: date | None = None
    """When it came onto the list, which is no day on which anything began."""
    since: date | None = None
    """The first day on which it is in use."""
    until: date | None = None
    """The first day on which it is not."""

    def left_out(self, day: date) -> str | None:
        """Why the row is not on the list of a day; None where it is."""
        if self.until is not None and self.until <= day:
            return f"The list says that it was removed on {self.until}, so it counts as not on the list."
        if self.status is Status.ENDED and self.until is None:
            return "The list says that it is no longer in use, so it counts as not on the list."
        if self.since is not None and self.since > day:
            return (
                f"The list says that it begins on {self.since}, which is after {day}. Import the list for that day"
                " (`effective_on`, --effective-on) when it is to be announced."
            )
        if self.status is Status.PLANNED and self.since is None:
            return (
                "The list says that it is planned, and not from when on. It counts as not on the list; ask for the"
                " day, and import the list for that day."
            )
        return None


def standing(row: ListRow, problems: list[str]) -> Standing:
    """The status and the days of a row; what is not understood is told, and not taken over."""
    text = one_line(row.get(Column.STATUS))
    status = _KNOWN.get(folded(text)) or _beginning(folded(text))
    if text.strip(" -–—") and status is None:
        problems.append(
            f"“{text}” in the column `status` says neither in use nor planned nor ended. The row is taken as in use."
        )
    elif text and folded(text) not in _KNOWN and status is not None:
        problems.append(f"“{text}” in the column `status` is read as {status.value.replace('_', ' ')}.")
    if ended := _ENDED.search(one_line(row.get(Column.NOTES))):
        problems.append(
            f"The notes say “{ended.group()}”, which may mean that it is not in use any more. The row is taken as it"
            " stands; take it out if it has ended."
        )
    return Standing(
        status=status,
        added_on=_day(row, Column.ADDED_ON, problems),
        since=_day(row, Column.EFFECTIVE_ON, problems),
        until=_day(row, Column.REMOVED_ON, problems),
    )


def _beginning(text: str) -> Status | None:
    """What a longer text begins with, as "pending objection period" does; nothing that says it is in use."""
    for status in (Status.PLANNED, Status.ENDED):
        if any(text.startswith(f"{folded(word)} ") for word in WORDS[status]):
            return status
    return None


def _day(row: ListRow, column: Column, problems: list[str]) -> date | None:
    text = one_line(row.get(column))
    if not folded(text):
        return None
    day = day_of(text)
    if day is None:
        problems.append(
            f"“{text}” in the column `{column.value}` is not one day for certain, and is not taken over. Write it as"
            " 2026-01-31."
        )
    return day
