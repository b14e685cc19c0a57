"""The list as a file: in the columns that users know, never worked out, and imported again it changes nothing."""

import base64
import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from python_calamine import CalamineWorkbook

from registry.actions import demo
from registry.clock import Clock
from registry.database import Pool
from registry.formats.exports import FORMATS, Sheet
from registry.settings import Settings
from tests.registry.importing import report
from tests.registry.office import Office, part, terms, use
from transfers import load_law

LISTS = Path(__file__).with_name("lists")
NAMES = ("anthropic", "gestrip", "polar", "range-labs", "sourcegraph", "tailscale", "zed")
COLUMNS = [
    "Entity name",
    "Product or service",
    "Purpose of processing",
    "Categories of data",
    "Location of processing",
    "Corporate location",
    "Transfer mechanism",
    "Type",
    "Optional",
    "Added on",
    "Effective from",
    "DPA",
    "Their sub-processors",
    "Contact",
]


async def exported(office: Office, form: str, **query: str) -> bytes:
    answer = await office.client.get(f"/v1/exports/sub-processors.{form}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.content


async def again(office: Office, form: str, content: bytes, **options: Any) -> dict[str, Any]:
    """Import an export, as a file that somebody sends back."""
    sent = {"name": f"list.{form}", "content": base64.b64encode(content).decode(), "encoding": "base64"}
    return await report(office, **{**sent, **options})


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", NAMES)
async def test_a_list_that_was_imported_and_is_exported_changes_nothing_when_it_comes_back(
    office: Office, name: str
) -> None:
    await report(office, (LISTS / f"{name}.csv").read_text())

    for form in FORMATS:
        told = await again(office, form, await exported(office, form))

        assert told["changes"] == [], (form, told["rows"])
        assert {row["action"] for row in told["rows"]} == {"same"}


async def test_the_example_register_comes_back_as_it_is(
    client: httpx.AsyncClient, pool: Pool, settings: Settings, clock: Clock
) -> None:
    async with pool.acquire() as db:
        await demo._fill(db, clock, settings, load_law())
    office = await Office.open(client, pool, clock, settings)

    for day in ("2026-01-01", "2026-11-24", "2027-06-01"):
        for form in FORMATS:
            content = await exported(office, form, as_of=day)
            told = await again(office, form, content, commit=False, effective_on=day)

            assert told["changes"] == [], (
                form,
                day,
                [row for row in told["rows"] if row["action"] != "same"],
            )
            assert len(told["rows"]) > 3


async def hard(office: Office) -> str:
    """A sub-processor with what a table of texts has no word for, or might misread; its id."""
    for key, name in (("app", "The App"), ("api", "API"), ("help", "Help & more, and all that; always")):
        await office.client.post("/v1/services", json={"key": key, "name": name}, headers=office.noor)
    places = {
        "main": {"role": "storage", "text": "Germany"},
        "spare": {"role": "backup", "text": "Germany"},
        "desk": {"role": "support_access", "text": "Our own desk", "country": "IN"},
        "edge": {"role": "content_delivery", "text": "Various; ask us"},
        "api": {"role": "processing", "text": "Ireland", "services": {"api": True}},
    }
    data = {"a": {"text": "Name, address and telephone"}, "b": {"text": "IP addresses; cookies"}}
    hosting = {**use(), "places": places, "data": data, "optional": True, "type": "service_specific"}
    key, _ = await office.added(
        "Acme *GmbH* | Söhne",
        uses={
            "hosting": hosting,
            "other": {**use("France", "=1+1"), "services": {"app": True, "help": True}},
        },
        **{name: value for name, value in terms().items() if name != "uses"},
    )
    return key


@pytest.mark.parametrize("form", FORMATS)
async def test_roles_scopes_and_texts_that_look_like_something_else_come_back_as_they_were(
    office: Office, form: str
) -> None:
    key = await hard(office)
    await office.added("+49 Vendors Ltd", **terms("Netherlands"))
    await office.added("Beta Inc.", **terms("Spain"))
    before = await office.terms(key)

    told = await again(office, form, await exported(office, form))

    assert [row for row in told["rows"] if row["action"] != "same"] == []
    assert told["changes"] == []
    assert await office.terms(key) == before


async def test_the_columns_are_those_that_users_know_and_one_use_is_one_row(office: Office) -> None:
    await hard(office)

    written = rows(await exported(office, "csv"))

    assert list(written[0]) == COLUMNS
    whole, scoped, other = written
    assert whole["Entity name"] == scoped["Entity name"] == "Acme *GmbH* | Söhne"
    assert (whole["Product or service"], scoped["Product or service"]) == ("", "API")
    assert whole["Location of processing"].split("\n") == ["Our own desk", "Various; ask us", "Germany"]
    assert (scoped["Location of processing"], scoped["Optional"]) == ("Ireland", "Yes")
    assert (whole["Type"], whole["Added on"], whole["Corporate location"]) == (
        "Service specific",
        "2026-01-01",
        "Germany",
    )
    assert other["Purpose of processing"] == "'=1+1"


async def test_nothing_in_a_spreadsheet_is_worked_out(office: Office) -> None:
    await hard(office)

    content = await exported(office, "xlsx")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert sheet[0] == COLUMNS
    assert "=1+1" in [row[2] for row in sheet]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_the_same_rows_are_the_same_bytes_and_every_formula_sign_is_defused() -> None:
    signs = ("=1", "+1", "-1", "@x", "|x", "%x", " =1", "\t=1", "＝1", "＋1", "plain")
    sheet = Sheet(
        title="t",
        as_of=date(2026, 11, 24),
        number=3,
        columns=("a", "b"),
        rows=[(sign, ("x", "y")) for sign in signs],
    )

    for form in FORMATS.values():
        assert form.write(sheet) == form.write(sheet)
    cells = [row[0] for row in csv.reader(io.StringIO(FORMATS["csv"].write(sheet).decode("utf-8-sig")))][1:]
    assert cells == [*(f"'{sign}" for sign in signs[:-1]), "plain"]


async def test_json_has_the_day_the_number_and_each_cell_as_it_is(office: Office) -> None:
    await hard(office)

    document = json.loads(await exported(office, "json", as_of="2026-11-24"))

    assert (document["as_of"], document["change_number"]) == ("2026-11-24", 1)
    first = document["sub_processors"][0]
    assert list(first) == COLUMNS
    assert first["Product or service"] == []
    assert first["Categories of data"] == ["Name, address and telephone", "IP addresses; cookies"]


async def test_a_day_and_a_service_are_what_is_asked_for(office: Office) -> None:
    await hard(office)
    key, _ = await office.added("Beta Inc.", **terms("Spain"))
    await office.published(kind="removed", parts=[part(key, "end", "2026-06-01")])

    before = rows(await exported(office, "csv", as_of="2026-05-31"))
    after = rows(await exported(office, "csv", as_of="2026-06-01"))
    of_help = rows(await exported(office, "csv", service="help"))
    unknown = await office.client.get("/v1/exports/sub-processors.csv", params={"service": "nope"})

    assert {row["Entity name"] for row in before} == {"Acme *GmbH* | Söhne", "Beta Inc."}
    assert {row["Entity name"] for row in after} == {"Acme *GmbH* | Söhne"}
    assert len(of_help) == 3
    assert (unknown.status_code, unknown.json()["errors"][0]["member"]) == (400, "service")


async def test_an_export_is_named_typed_and_asked_for_again_for_nothing(office: Office) -> None:
    await hard(office)
    path = "/v1/exports/sub-processors.md"

    answer = await office.client.get(path, params={"as_of": "2026-11-24"})
    fresh = await office.client.get(
        path, params={"as_of": "2026-11-24"}, headers={"If-None-Match": answer.headers["etag"]}
    )

    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="sub-processors-2026-11-24.md"'
    assert fresh.status_code == 304
    assert (await office.client.get("/v1/exports/sub-processors.pdf")).status_code == 404


async def test_nothing_that_the_public_list_does_not_show_is_exported(office: Office) -> None:
    await office.added(
        contacts={"dpo": {"name": "Dora Secret", "email": "dora@vendor.example"}}, **terms(notice_days=99)
    )

    for form in ("csv", "json", "md"):
        content = (await exported(office, form)).decode()
        assert "Dora" not in content
        assert "dpo@vendor.example" not in content
        assert "99" not in content


async def test_the_page_links_to_the_list_of_its_day(office: Office) -> None:
    page = await office.client.get("/list/2026-06-01")

    for form in FORMATS:
        assert f'href="/v1/exports/sub-processors.{form}?as_of=2026-06-01"' in page.text


async def test_an_open_text_that_names_places_for_certain_comes_back_as_both(office: Office) -> None:
    content = (
        'Name,Purpose,Location,Data\nAcme,Hosting,"Global, including USA",Names\nBeta,Mail,"Germany; Worldwide",'
        '"Account data, such as names […]; IP addresses"\n'
    )
    await report(office, content)

    assert (await report(office, content))["changes"] == []
    for form in FORMATS:
        told = await again(office, form, await exported(office, form))
        assert told["changes"] == [], (form, told["rows"])
