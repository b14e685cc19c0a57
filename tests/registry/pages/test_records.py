"""The pages of one sub-processor and of one change."""

from uuid import uuid4

import httpx
import pytest

from tests.registry.pages.publishing import FRANKFURT, LYON, Desk, alter, end, start, subject
from tests.registry.pages.reading import page, text, texts

HISTORY = "//section[@aria-labelledby='history-title']//li"


async def test_a_sub_processor_has_its_places_plans_and_history(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    brevo = subject(await desk.publish(start(product="Campaigns")))
    change = await desk.publish(alter(brevo, "2027-02-01", {"uses": {"mail": {"places": {"lyon": LYON}}}}))

    document = await page(client, f"/sub-processors/{brevo}")

    assert texts(document, "//h1") == ["Sendinblue SAS"]
    assert texts(document, "//dd")[:3] == ["Brevo", "Campaigns", "France"]
    assert texts(document, "//table//th[@scope='row']") == ["Frankfurt, Germany Storage"]
    [planned] = document.xpath("//section[@aria-labelledby='planned-title']//li/a")
    assert planned.get("href") == f"/changes/{change.id}"
    assert [line.partition(" Sendin")[0] for line in texts(document, HISTORY)] == ["24 November 2026"] * 2
    later = await page(client, f"/sub-processors/{brevo}?as_of=2027-02-01")
    assert texts(later, "//table//th[@scope='row']") == ["Frankfurt, Germany Storage", "Lyon, France Backup"]


async def test_a_change_is_told_from_what_to_what_and_since_when(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    brevo = subject(await desk.publish(start()))
    patch = {"uses": {"mail": {"purpose": "Sending receipts", "places": {"lyon": LYON}}}}
    change = await desk.publish(alter(brevo, "2027-02-01", patch))

    document = await page(client, f"/changes/{change.id}")

    assert "with effect from 1 February 2027" in texts(document, "//h1")[0]
    rows = [texts(row, "./th | ./td") for row in document.xpath("//tbody/tr")]
    assert ["Sending newsletters", "Sending receipts"] in [row[1:3] for row in rows]
    assert all(row[-1] == "Widens the processing" for row in rows)
    assert "Takes effect on 1 February 2027." in text(document)
    assert "Second data centre" in text(document)
    assert document.xpath(f"//h2/a[@href='/sub-processors/{brevo}']")


async def test_additions_and_removals_are_told_without_a_comparison(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    added = await desk.publish(start())
    removed = await desk.publish(end(subject(added), "2027-03-01"))

    addition = await page(client, f"/changes/{added.id}")
    assert texts(addition, "//h1") == [
        "Sendinblue SAS (Brevo) is added as a sub-processor from 1 January 2026"
    ]
    assert texts(addition, "//thead//th") == ["What", "Value"]
    assert "Sending newsletters" in text(addition)
    removal = await page(client, f"/changes/{removed.id}")
    assert texts(removal, "//h1") == ["Sendinblue SAS (Brevo) is no longer a sub-processor from 1 March 2027"]
    assert texts(removal, "//thead//th") == ["What", "Value"]


async def test_a_withdrawn_change_points_to_its_withdrawal_and_back(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    brevo = subject(await desk.publish(start()))
    change = await desk.publish(alter(brevo, "2027-02-01", {"uses": {"mail": {"places": {"lyon": LYON}}}}))
    withdrawal = await desk.withdraw(change.id)

    first = await page(client, f"/changes/{change.id}")
    second = await page(client, f"/changes/{withdrawal.id}")

    assert first.xpath("//p[@class='note']/a/@href") == [f"/changes/{withdrawal.id}"]
    assert f"/changes/{change.id}" in second.xpath("//dd/a/@href")
    assert "Would have held from 1 February 2027; that does not come." in text(second)
    assert "(withdrawn)" in texts(await page(client, f"/sub-processors/{brevo}"), HISTORY)[1]


async def test_a_withdrawal_tells_what_was_announced_as_it_was(client: httpx.AsyncClient, desk: Desk) -> None:
    brevo = subject(await desk.publish(start()))
    patch = {"product": "Mailer", "uses": {"mail": {"purpose": "Sending receipts"}}}
    change = await desk.publish(alter(brevo, "2027-02-01", patch))
    withdrawal = await desk.withdraw(change.id)

    document = await page(client, f"/changes/{withdrawal.id}")

    assert texts(document, "//caption") == ["What was announced and does not come: Sendinblue SAS (Brevo)"]
    assert texts(document, "//thead//th") == ["What", "From", "To"]
    assert ["Sending newsletters", "Sending receipts"] in [
        texts(row, "./td") for row in document.xpath("//tbody/tr")
    ]


async def test_one_that_never_came_on_the_list_is_named_without_a_page(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    added = await desk.publish(start(on="2027-03-01"))
    withdrawal = await desk.withdraw(added.id)

    for change in (added, withdrawal):
        document = await page(client, f"/changes/{change.id}")
        assert texts(document, "//h2")[0] == "Sendinblue SAS (Brevo)"
        assert texts(document, "//thead//th") == ["What", "Value"]
        assert not document.xpath("//h2/a")


async def test_what_the_public_list_does_not_show_is_said_to_change(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    brevo = subject(await desk.publish(start()))
    change = await desk.publish(alter(brevo, "2027-02-01", {"notice_days": 60}))

    document = await page(client, f"/changes/{change.id}")

    assert "details that are not on the public list change, with effect from" in texts(document, "//h1")[0]


async def test_one_that_ended_is_told_in_the_past(client: httpx.AsyncClient, desk: Desk) -> None:
    brevo = subject(await desk.publish(start()))
    await desk.publish(end(brevo, "2027-03-01"))

    assert "What it does for us" in texts(await page(client, f"/sub-processors/{brevo}"), "//h2")
    after = await page(client, f"/sub-processors/{brevo}?as_of=2027-03-01")
    assert "What it did for us" in texts(after, "//h2")


async def test_a_day_among_other_words_is_written_out(client: httpx.AsyncClient, desk: Desk) -> None:
    tool = {"type": "scc", "set": "2021/914", "module": 3, "concluded_on": "2025-11-03"}
    change = await desk.publish(start(safeguards={"clauses": {"tool": tool}}))

    assert "concluded on 3 November 2025" in text(await page(client, f"/changes/{change.id}"))


async def test_a_postponed_change_names_both_days(client: httpx.AsyncClient, desk: Desk) -> None:
    brevo = subject(await desk.publish(start()))
    change = await desk.publish(alter(brevo, "2027-02-01", {"uses": {"mail": {"places": {"lyon": LYON}}}}))
    postponement = await desk.postpone(change.id, "2027-03-01")

    document = await page(client, f"/changes/{postponement.id}")

    assert "Holds from 1 March 2027 instead of 1 February 2027." in text(document)
    [planned] = texts(
        await page(client, f"/sub-processors/{brevo}"), "//*[@aria-labelledby='planned-title']//li"
    )
    assert planned.startswith("1 March 2027 ")
    assert planned.endswith("with effect from 1 March 2027")


async def test_a_draft_has_no_page(client: httpx.AsyncClient, desk: Desk) -> None:
    draft = await desk.draft(start())

    unknown = await page(client, f"/changes/{uuid4()}", 404)
    drafted = await page(client, f"/changes/{draft.id}", 404)

    assert texts(drafted, "//h1") == texts(unknown, "//h1")
    assert str(draft.id) in text(drafted)
    await page(client, f"/sub-processors/{subject(draft)}", 404)


@pytest.mark.parametrize(
    "path", ["/changes/1", "/sub-processors/brevo", "/sub-processors/%00", "/changes/%FF"]
)
async def test_what_cannot_be_an_id_is_a_page_that_says_so(client: httpx.AsyncClient, path: str) -> None:
    document = await page(client, path, 404)

    assert document.xpath("//main//a[@href='/']")


async def test_a_path_without_anything_is_a_page_for_a_browser_and_a_problem_for_a_program(
    client: httpx.AsyncClient,
) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

    shown = await client.get("/subprocessors", headers=browser)
    assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
    for path, headers in (("/subprocessors", {}), ("/v1/subprocessors", browser)):
        told = await client.get(path, headers=headers)
        assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")


async def test_a_place_that_names_no_country_says_so(client: httpx.AsyncClient, desk: Desk) -> None:
    place = FRANKFURT | {"text": "Worldwide", "country": None}
    del place["country"]
    change = await desk.publish(start(uses={"mail": {"purpose": "Mail", "places": {"everywhere": place}}}))

    document = await page(client, f"/sub-processors/{subject(change)}")

    assert texts(document, "//td[@data-column='Country']") == ["Not a single country"]
    assert texts(document, "//td[@data-column='Transfer mechanism']")[0].startswith("Needs review")
