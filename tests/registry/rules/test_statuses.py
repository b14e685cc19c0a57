"""Status and date columns, and what only keeps a place: read where they are certain, told where they are not."""

from datetime import date

import pytest

from registry.formats.lists import read
from registry.rules.imports.days import day_of
from registry.rules.imports.entities import gather
from registry.rules.imports.statuses import Status

DAY = date(2026, 11, 24)

DAYS = {
    "2026-05-03": date(2026, 5, 3),
    "2026/5/3": date(2026, 5, 3),
    "2026-05-03T10:00:00Z": date(2026, 5, 3),
    "03.05.2026": date(2026, 5, 3),
    "3. Mai 2026": date(2026, 5, 3),
    "3 mai 2026": date(2026, 5, 3),
    "1er août 2026": date(2026, 8, 1),
    "May 3, 2026": date(2026, 5, 3),
    "3rd of May 2026": date(2026, 5, 3),
    "Dec. 1, 2025": date(2025, 12, 1),
    "2026년 5월 3일": date(2026, 5, 3),
    "31/12/2026": date(2026, 12, 31),
    "12/31/2026": date(2026, 12, 31),
    "05/05/2026": date(2026, 5, 5),
    "03/05/2026": None,
    "May 2026": None,
    "Q3 2026": None,
    "2026-02-30": None,
    "soon": None,
}


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_a_day_is_read_where_it_is_one_day_for_certain(text: str, day: date | None) -> None:
    assert day_of(text) == day


ROWS = {
    "Active,,": ("in use", Status.IN_USE),
    ",,": ("in use", None),
    "in Nutzung,2020-01-01,": ("in use", Status.IN_USE),
    "Removed,,": ("no longer in use", Status.ENDED),
    "Entfernt,,2026-01-01": ("removed on 2026-01-01", Status.ENDED),
    ",,2026-11-24": ("removed on 2026-11-24", None),
    ",,2027-01-01": ("in use", None),
    "Planned,,": ("is planned", Status.PLANNED),
    "Geplant,2026-12-01,": ("begins on 2026-12-01", Status.PLANNED),
    "예정,2026-11-24,": ("in use", Status.PLANNED),
}


@pytest.mark.parametrize(("cells", "expected"), ROWS.items())
def test_a_row_that_is_not_in_use_on_the_day_is_left_out_with_the_reason(
    cells: str, expected: tuple[str, Status | None]
) -> None:
    text = f"Name,Purpose,Location,Status,Effective from,Removed on\nAcme,Hosting,DE,{cells}\n"
    told, status = expected

    gathered = gather(read(text), [], DAY)

    if told == "in use":
        assert gathered.left_out == []
        assert gathered.entities[0].uses[0].standing.status == status
    else:
        assert gathered.entities == []
        assert told in gathered.left_out[0].reasons[0]


def test_a_status_or_a_day_that_is_not_understood_is_told_and_the_row_is_in_use() -> None:
    text = "Name,Purpose,Location,Status,Added on\nAcme,Hosting,DE,shiny,03/04/2026\n"

    [listed] = gather(read(text), [], DAY).entities

    problems = " ".join(listed.uses[0].problems)
    assert "“shiny” in the column `status` says neither" in problems
    assert "“03/04/2026” in the column `added_on` is not one day for certain" in problems


PLACEHOLDERS = [
    "[Add cloud hosting provider]",
    "TBD",
    "Lorem ipsum dolor",
    "{{vendor}}",
    "<name>",
    "???",
    "N/A",
    "Vendor name",
    "미정",
]


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_name_that_nobody_has_filled_in_is_refused_with_the_remedy(name: str) -> None:
    [refused] = gather(read(f"Name,Purpose,Location\n{name},Hosting,DE\n"), []).rejected

    assert "placeholder" in refused.reasons[0] or "markup" in refused.reasons[0]
    assert "Write the sub-processor's legal name" in refused.reasons[0]


def test_a_placeholder_beside_a_name_is_told_and_the_row_is_taken() -> None:
    [listed] = gather(read("Name,Purpose,Location\nAcme,[Add purpose],[Add region]\n"), []).entities

    problems = " ".join(listed.uses[0].problems)
    assert "“[Add purpose]” in the column `purpose` is a placeholder" in problems
    assert "[Add region]" in problems
    assert listed.uses[0].places[0].country is None


def test_a_status_with_more_words_or_none_and_an_end_in_the_notes_are_told() -> None:
    found = gather(
        read(
            "Name,Purpose,Status,Notes\nAlpha,x,Pending objection period,\nBeta,x,?,\nGamma,x,,no longer used\n"
        ),
        (),
        DAY,
    )

    [alpha] = found.left_out
    beta, gamma = (" ".join(one.uses[0].problems) for one in found.entities)
    assert "“Pending objection period” in the column `status` is read as planned." in alpha.reasons
    assert "“?” in the column `status` says neither in use nor planned nor ended" in beta
    assert "The notes say “no longer used”, which may mean that it is not in use any more." in gamma
