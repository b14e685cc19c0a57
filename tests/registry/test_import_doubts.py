"""What an import does not decide: drafts that wait, names that may be two, refusals, markup, days before a start."""

from typing import Any

import pytest

from tests.registry.importing import actions, listed, report, take
from tests.registry.office import Office

LIST = "Name,Purpose,Location\nAcme GmbH,Hosting,Germany\nBeta Inc.,E-mail,USA\n"


async def drafts(office: Office) -> list[dict[str, Any]]:
    answer = await office.client.get("/v1/changes/drafts", headers=office.noor)
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def problems(of: dict[str, Any], row: int | None) -> str:
    return " ".join(" ".join(one["problems"]) for one in of["rows"] if one["row"] == row)


async def test_what_an_open_draft_says_already_is_not_drafted_again(office: Office) -> None:
    first = await report(office, LIST, who=office.noor)
    before = await drafts(office)

    second = await report(office, LIST, who=office.noor)
    third = await report(office, LIST, who=office.bram)

    assert [change["state"] for change in first["changes"]] == ["draft", "draft"]
    for again in (second, third):
        assert actions(again) == [(2, "same"), (3, "same")]
        assert again["changes"] == []
        assert f"Draft {first['changes'][0]['id']} of Noor" in problems(again, 2)
    assert await drafts(office) == before


async def test_a_draft_of_an_alteration_or_an_end_waits_too(office: Office) -> None:
    await report(office, LIST, effective_on="2026-01-01")
    moved = "Name,Purpose,Location\nAcme GmbH,Hosting,France\n"
    first = await report(office, moved, who=office.noor)

    second = await report(office, moved, who=office.noor)

    assert actions(first) == [(2, "change"), (None, "remove")]
    assert actions(second) == [(2, "same"), (None, "same")]
    assert "ends it already" in problems(second, None)
    assert len(await drafts(office)) == 2


async def test_a_draft_that_says_something_else_is_named(office: Office) -> None:
    first = await report(office, LIST, who=office.noor)

    other = await report(office, LIST.replace("Germany", "France"), who=office.noor)

    assert actions(other) == [(2, "add"), (3, "same")]
    assert f"Draft {first['changes'][0]['id']} of Noor about it says something else" in problems(other, 2)


async def test_a_service_that_is_not_there_is_refused_with_those_that_are(office: Office) -> None:
    await office.client.post("/v1/services", json={"key": "app", "name": "App"}, headers=office.bram)

    refused = await take(office, LIST, services={"nope": True})
    taken = await take(office, LIST, services={"app": True})

    assert refused.status_code == 400
    assert "no service “nope”" in refused.json()["detail"]
    assert "`app`" in refused.json()["detail"]
    assert taken.status_code == 200


async def test_the_other_side_of_an_exception_is_never_published(office: Office) -> None:
    texts = ["outside the EU", "non-EU", "EU (not Ireland)", "EU except Hungary", "all countries but China"]
    content = "Name,Location\n" + "".join(f"Vendor {n},{text}\n" for n, text in enumerate(texts))

    told = await report(office, content)

    for row, text in zip(told["rows"], texts, strict=True):
        assert [(place["text"], place["country"], place["group"]) for place in row["places"]] == [
            (text, None, None)
        ]
        assert "needs review" in " ".join(row["problems"]) or "need review" in " ".join(row["problems"])
    shown = [place for one in await listed(office) for use in one["uses"] for place in use["places"]]
    assert {place["verdict"] for place in shown} == {"needs_review"}


@pytest.mark.parametrize("text", ["N/A", "n/a", "none", "-", "TBD", ""])
async def test_a_cell_that_says_nothing_gives_no_place(office: Office, text: str) -> None:
    told = await report(office, f"Name,Location\nAcme GmbH,{text}\n")

    assert [place["text"] for place in told["rows"][0]["places"]] == ["Not stated"]
    assert "does not say where" in problems(told, 2)


async def test_brands_of_one_name_and_remarks_in_brackets_stay_apart(office: Office) -> None:
    names = [
        "Foo (Brand1)",
        "Foo (Brand2)",
        "Foo",
        "Bar GmbH (Germany)",
        "Bar GmbH (France)",
        "Baz (deprecated)",
    ]
    content = "Name,Location\n" + "".join(f"{name},Germany\n" for name in names)

    told = await report(office, content)

    assert {one["legal_name"] for one in await listed(office)} == set(names)
    assert "with several brands (“Brand1”, “Brand2”)" in problems(told, 2)
    assert {action for _, action in actions(await report(office, content))} == {"same"}


async def test_one_that_gets_a_namesake_of_another_brand_keeps_its_record(office: Office) -> None:
    await report(office, "Name,Location\nFoo (Brand1),Germany\n", effective_on="2026-01-01")

    told = await report(
        office, "Name,Location\nFoo (Brand2),Germany\nFoo (Brand1),Germany\n", effective_on="2026-02-01"
    )

    assert actions(told) == [(2, "add"), (3, "same")]


async def test_spellings_that_are_read_as_one_are_said_on_each_row(office: Office) -> None:
    content = 'Name,Purpose,Location\nStripe,Pay,USA\n"Stripe, Inc.",Fraud,USA\nSTRIPE,Tax,USA\n'

    told = await report(office, content)

    assert len(await listed(office)) == 1
    assert "read as one entity with “Stripe, Inc.” (row 3), “STRIPE” (row 4)" in problems(told, 2)
    assert "read as one entity with “Stripe” (row 2)" in problems(told, 4)


async def test_a_brand_that_the_register_does_not_have_is_told(office: Office) -> None:
    await report(office, "Name,Location\nPlus Five Five Inc.,USA\n")

    told = await report(office, "Name,Location\nPlus Five Five Inc. (Resend),USA\n", commit=False)

    assert "the brand “Resend”; the register has none, and takes it over" in problems(told, 2)
    assert [change["kind"] for change in told["changes"]] == ["correction"]


async def test_markup_is_left_out_with_a_remark_and_nothing_but_markup_is_rejected(office: Office) -> None:
    content = (
        "Name,Location\n<b>Acme</b> GmbH,Germany\n<script>alert(1)</script>,Germany\n&lt;b&gt;,Germany\n"
    )

    told = await report(office, content, skip_rejected=True)

    assert actions(told) == [(2, "add"), (3, "reject"), (4, "reject")]
    [acme] = await listed(office)
    assert acme["legal_name"] == "Acme GmbH"
    assert "Markup was left out of the column `name`" in problems(told, 2)
    assert "nothing but markup" in problems(told, 3)


async def test_a_formula_is_no_name(office: Office) -> None:
    told = await report(office, 'Name,Location\n"=HYPERLINK(""x"")",Germany\n', commit=False)

    assert actions(told) == [(2, "reject")]
    assert "is a formula" in problems(told, 2)


async def test_an_option_that_is_neither_yes_nor_no_is_reported(office: Office) -> None:
    told = await report(
        office, "Name,Location,Optional\nAcme,Germany,maybe\nBeta,Germany,No\nGamma,Germany,Yes\n"
    )

    assert "“maybe” in the column `optional`" in problems(told, 2)
    assert "optional" not in problems(told, 3) + problems(told, 4)
    assert [one["uses"][0]["optional"] for one in await listed(office)] == [False, False, True]


async def test_kinds_of_data_keep_the_order_of_the_list(office: Office) -> None:
    wanted = [
        "Zip code",
        "Name",
        "E-mail address",
        "IP",
        "Billing data",
        "Age",
        "Cookies",
        "A",
        "Z",
        "B",
        "Y",
    ]
    content = f'Name,Location,Data\nAcme,Germany,"{"; ".join(wanted)}"\n'

    await report(office, content, effective_on="2026-01-01")
    [acme] = await listed(office)
    await report(office, content.replace("Zip code", "Postcode"), effective_on="2026-02-01")
    [later] = await listed(office)

    assert acme["uses"][0]["data"] == wanted
    assert later["uses"][0]["data"] == [*wanted[1:], "Postcode"]


async def test_a_day_before_the_start_is_refused_with_the_remedy(office: Office) -> None:
    await report(office, LIST, effective_on="2026-03-01")

    told = await report(office, LIST, effective_on="2026-02-01", commit=False)

    assert (told["summary"]["same"], told["summary"]["reject"]) == (0, 2)
    assert "has it from 2026-03-01 on, and not on 2026-02-01" in problems(told, 2)
    assert (await take(office, LIST, effective_on="2026-02-01")).status_code == 422


async def test_a_row_that_is_repeated_is_told(office: Office) -> None:
    told = await report(office, LIST + "Acme GmbH,Hosting,Germany\n")

    assert "It repeats row 2 word for word" in problems(told, 4)
    assert len(await listed(office)) == 2


async def test_our_own_entity_is_no_sub_processor_of_ours(office: Office) -> None:
    organisations = (await office.client.get("/v1/organisations", headers=office.otto)).json()["data"]
    [own] = [one["facts"]["legal_name"] for one in organisations if one["own"]]

    told = await report(
        office, f'Name,Location\n"{own}",Germany\n{own.split()[0]} S.r.l.,Italy\n', commit=False
    )

    assert actions(told) == [(2, "reject"), (3, "add")]
    assert "one of our own legal entities" in problems(told, 2)


async def test_that_one_person_publishes_is_said(office: Office) -> None:
    alone = await report(office, LIST, commit=False)
    two = await report(office, LIST, who=office.noor, commit=False)

    assert any("published_alone" in note for note in alone["notes"])
    assert not any("published_alone" in note for note in two["notes"])
