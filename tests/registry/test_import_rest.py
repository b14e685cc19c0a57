"""What comes to rest: parts of lists, white space, withdrawn claims, and many lists in one register."""

from pathlib import Path
from typing import Any

import pytest

from tests.registry.importing import actions, listed, report, take
from tests.registry.office import Office

LISTS = sorted(
    path for path in Path(__file__).with_name("lists").glob("*.csv") if ".events." not in path.name
)
NAMED = "Name,Purpose,Location,Transfer mechanism\n"


def problems(of: dict[str, Any], row: int) -> str:
    return " ".join(" ".join(one["problems"]) for one in of["rows"] if one["row"] == row)


async def uses(office: Office) -> dict[str, list[str]]:
    return {
        use["purpose"]: [place["text"] for place in use["places"]]
        for one in await listed(office)
        for use in one["uses"]
    }


async def test_a_part_of_a_list_leaves_the_uses_that_it_does_not_have(office: Office) -> None:
    billing = "Name,Purpose,Location\nQuux Inc.,Billing features,Germany\n"
    await report(office, billing)

    part = await report(office, "Name,Purpose,Location\nQuux,Web hosting,Ireland\n", keep_missing=True)
    again = await report(office, billing, keep_missing=True)

    assert actions(part) == [(2, "change")]
    assert await uses(office) == {"Billing features": ["Germany"], "Web hosting": ["Ireland"]}
    assert again["changes"] == []


async def test_a_whole_list_with_another_purpose_for_the_only_use_alters_it(office: Office) -> None:
    await report(office, "Name,Purpose,Location\nQuux Inc.,Billing features,Germany\n")

    await report(office, "Name,Purpose,Location\nQuux Inc.,Billing and invoices,Germany\n")

    assert await uses(office) == {"Billing and invoices": ["Germany"]}


async def test_a_list_without_purposes_leaves_those_of_the_register(office: Office) -> None:
    await report(office, "Name,Purpose,Location\nQuux Inc.,Billing,Germany\n")

    told = await report(office, "Name,Location\nQuux Inc.,Germany\n")

    assert told["changes"] == []
    assert await uses(office) == {"Billing": ["Germany"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Name, e-mail, phone number. Rental data, language",
            '"Name, e-mail, phone number.\n\nRental data, language"',
        ),
        (
            "e-mail. Users may disclose names, places; cards",
            '"e-mail.\n\nUsers may disclose names, places; cards"',
        ),
    ],
)
async def test_white_space_alone_is_no_change_whichever_came_first(
    office: Office, before: str, after: str
) -> None:
    lists = [f"Name,Purpose,Data,Location\nAcme,Mail,{text},Germany\n" for text in (f'"{before}"', after)]

    for first, second in (lists, lists[::-1]):
        await report(office, first)
        told = await report(office, second)

        assert told["changes"] == []


async def test_a_claim_that_the_list_does_not_name_any_more_is_told_every_time(office: Office) -> None:
    await report(office, NAMED + 'Kappa Inc,Host,USA,SCCs\nLambda AG,Host,Serbia,"SCCs, BCR"\n')
    fewer = NAMED + "Kappa Inc,Host,USA,\nLambda AG,Host,Serbia,BCR\n"

    for _ in range(2):
        told = await report(office, fewer)

        assert told["changes"] == []
        for row in (2, 3):
            assert "The register has standard contractual clauses (2021/914)" in problems(told, row)
            assert "“safeguards.scc” set to null" in problems(told, row)
    without = await report(office, "Name,Purpose,Location\nKappa Inc,Host,USA\nLambda AG,Host,Serbia\n")
    assert "does not name it any more" not in problems(without, 2)


async def test_our_own_export_withdraws_no_claim(office: Office) -> None:
    await report(office, NAMED + "Kappa Inc,Host,USA,SCCs\n")
    export = await office.client.get("/v1/exports/sub-processors.csv")

    told = await report(office, export.text)

    assert actions(told) == [(2, "same")]
    assert "does not name it any more" not in problems(told, 2)


async def test_clauses_of_a_day_before_those_of_2021_are_no_change_today(office: Office) -> None:
    content = NAMED + "Kappa Inc,Host,USA,SCCs\n"
    await report(office, content, effective_on="2021-01-19")

    today = await report(office, content, commit=False)

    assert today["changes"] == []
    assert "The register has standard contractual clauses (2010/87)" in problems(today, 2)


async def test_each_of_many_lists_in_one_register_changes_nothing_a_second_time(office: Office) -> None:
    extra = (
        'Name,Purpose,Location\nVercel,Hosting,United States\nFly.io,Hosting,"Ashburn, United States (iad)"\n'
    )
    contents = [*(path.read_text("utf-8") for path in LISTS), extra]
    for content in contents:
        options: dict[str, Any] = {"keep_missing": True, "skip_rejected": True}
        first = await take(office, content, **options)
        second = await report(office, content, **options)

        assert first.status_code == 200
        assert second["changes"] == []
