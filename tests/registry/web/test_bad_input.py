"""Bad input of every kind is a problem that names what is wrong; nothing is a 500."""

import base64
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient

INVALID = "urn:onward:problem:invalid-request"
JSON = {"Content-Type": "application/json"}
GOOD_FACTS = {
    "exporter": {"country": "DE", "role": "controller"},
    "importer": {"country": "US", "role": "processor"},
}


def forged(query: dict[str, list[str]]) -> str:
    """A cursor such as this list could have given, but for the query that it pins."""
    made = msgspec.json.encode(["listAccessKeys", query, 0, None])
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def key(holder: str) -> str:
    """A body whose holder is written as given, escapes included."""
    return f'{{"role": "privacy", "holder": "{holder}"}}'


@pytest.mark.parametrize(
    ("body", "member", "words"),
    [
        pytest.param(key("A\\u0000"), "holder", "control characters", id="NUL"),
        pytest.param(key("A\\u000bB"), "holder", "control characters", id="C0 control"),
        pytest.param(key("A\\u007fB"), "holder", "control characters", id="DEL"),
        pytest.param(key("A\\u0085B"), "holder", "control characters", id="C1 control"),
        pytest.param(key("A\\uffffB"), "holder", "control characters", id="non-character"),
        pytest.param(key("Ann\\n"), "holder", "control characters", id="trailing newline"),
        pytest.param(key(" Ann"), "holder", "spaces at either end", id="leading space"),
        pytest.param(key(""), "holder", "length >= 1", id="empty text"),
        pytest.param(key("A" * 201), "holder", "length <= 200", id="text too long"),
        pytest.param(key("\\ud800"), None, "not JSON that can be read", id="lone surrogate"),
        pytest.param('{"role": "privacy"}', "holder", "required", id="missing member"),
        pytest.param(
            '{"role": "privacy", "holder": "A", "x": 1}', "x", "no such member", id="unknown member"
        ),
        pytest.param('{"role": "boss", "holder": "A"}', "role", "'boss'", id="unknown role"),
        pytest.param(
            '{"role": "client", "holder": "A"}',
            "client_id",
            "belongs to a client",
            id="role without a client",
        ),
        pytest.param('{"role": "privacy", "holder": 5}', "holder", "Expected `str`", id="number for text"),
        pytest.param('{"role": "privacy", "holder": null}', "holder", "Expected `str`", id="null for text"),
        pytest.param(
            '{"role": "privacy", "holder": "A", "days": "5"}', "days", "Expected `int", id="text for number"
        ),
        pytest.param(
            '{"role": "privacy", "holder": "A", "days": 2147483648}', "days", "<= 3650", id="int32 overflow"
        ),
        pytest.param(
            '{"role": "privacy", "holder": "A", "days": 1e400}',
            "days",
            "out of range",
            id="number without end",
        ),
        pytest.param('{"role": "privacy", "holder"', None, "not JSON", id="cut off"),
        pytest.param("{'role': 'privacy'}", None, "not JSON", id="single quotes"),
        pytest.param("[]", None, "Expected `object`", id="array"),
        pytest.param("null", None, "Expected `object`", id="null"),
        pytest.param("[" * 100_000, None, "body", id="nested too deeply"),
        pytest.param("", None, "empty", id="no body"),
        pytest.param("\ufeff{}", None, "not JSON", id="byte order mark"),
    ],
)
async def test_a_body_that_does_not_fit_names_the_member(
    client: AsyncClient, admin: dict[str, str], body: str, member: str | None, words: str
) -> None:
    answer = await client.post("/v1/access-keys", content=body.encode(), headers=admin | JSON)

    problem = answer.json()
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == INVALID
    assert words in problem["detail"]
    assert [fault.get("member") for fault in problem.get("errors", [{}])] == [member]


async def test_a_body_that_is_not_utf_8_is_refused(client: AsyncClient, admin: dict[str, str]) -> None:
    body = b'{"role": "privacy", "holder": "\xff"}'

    assert (await client.post("/v1/access-keys", content=body, headers=admin | JSON)).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json; charset=utf-8"}, 200),
        ({"Content-Type": "application/JSON"}, 200),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/xml"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": ""}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
    ],
)
async def test_only_json_is_read(client: AsyncClient, headers: dict[str, str], status: int) -> None:
    body = '{"exporter": {"country": "DE", "role": "controller"}, "importer": {"country": "FR", "role": "processor"}}'

    answer = await client.post("/v1/assessments", content=body, headers=headers)

    assert answer.status_code == status
    if status == 415:
        assert answer.json()["type"] == "urn:onward:problem:unsupported-media-type"


async def test_a_body_that_is_too_long_is_refused(client: AsyncClient) -> None:
    answer = await client.post("/v1/assessments", content=b" " * 10_000_001, headers=JSON)

    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:onward:problem:payload-too-large"


async def test_a_body_without_announced_length_is_cut_off_too(client: AsyncClient) -> None:
    async def chunks() -> Any:
        for _ in range(11):
            yield b" " * 1_000_000

    assert (await client.post("/v1/assessments", content=chunks(), headers=JSON)).status_code == 413


@pytest.mark.parametrize(
    ("query", "member", "words"),
    [
        ("limt=5", "limt", "those known are cursor, limit"),
        ("limit=0", "limit", ">= 1"),
        ("limit=201", "limit", "<= 200"),
        ("limit=99999999999999999999999", "limit", "Expected"),
        ("limit=ten", "limit", "not a whole number"),
        ("limit=", "limit", "not a whole number"),
        ("limit=1e1", "limit", "not a whole number"),
        ("limit=5.0", "limit", "not a whole number"),
        ("limit=5&limit=6", "limit", "more than once"),
        ("cursor=%00", "cursor", "control characters"),
        ("cursor=%ff", "cursor", "not UTF-8"),
        ("cursor=!", "cursor", "the text is not"),
        ("cursor=abcd", "cursor", "not one that this list gave"),
        (f"cursor={forged({'as_of': []})}", "cursor", "not one that this list gave"),
        ("%00=1", "\ufffd", "no such parameter"),
        ("as_of=2026-01-01", "as_of", "no such parameter"),
        ("known_at=5", "known_at", "no such parameter"),
    ],
)
async def test_a_query_that_does_not_fit_names_the_parameter(
    client: AsyncClient, admin: dict[str, str], query: str, member: str, words: str
) -> None:
    answer = await client.get(f"/v1/access-keys?{query}", headers=admin)

    assert answer.status_code == 400
    assert answer.json()["type"] == INVALID
    [fault] = answer.json()["errors"]
    assert (fault["member"], fault["source"]) == (member, "query")
    assert words in fault["message"]


@pytest.mark.parametrize("path", ["/feeds/changes.rss", "/changes/0199d3a0-0000-7000-8000-000000000000"])
async def test_another_day_is_refused_by_what_has_none(client: AsyncClient, path: str) -> None:
    answer = await client.get(f"{path}?as_of=2026-01-01")

    assert answer.status_code == 400
    assert "as_of" in answer.text


async def test_parameters_are_refused_where_none_is_taken(client: AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.get("/v1/me?verbose=1", headers=admin)

    assert answer.status_code == 400
    assert "none is taken" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/", "/docs", "/feeds/changes.rss", "/openapi.json", "/health"])
async def test_what_trackers_add_to_the_address_of_a_page_is_ignored(client: AsyncClient, path: str) -> None:
    assert (await client.get(f"{path}?utm_source=mail&utm_source=%00")).status_code == 200


async def test_all_bad_parameters_are_named_at_once(client: AsyncClient, admin: dict[str, str]) -> None:
    answer = await client.get("/v1/access-keys?limit=0&x=1&y=2", headers=admin)

    assert sorted(fault["member"] for fault in answer.json()["errors"]) == ["limit", "x", "y"]


async def test_a_query_with_very_many_fields_is_refused(client: AsyncClient) -> None:
    assert (await client.get("/v1/law?" + "&".join(f"a{n}=1" for n in range(200)))).status_code == 400


@pytest.mark.parametrize("part", ["not-a-uuid", "%00", "1", "0199d3a0-0000-7000-8000-00000000000g"])
async def test_an_identifier_that_is_none_is_not_found(
    client: AsyncClient, admin: dict[str, str], part: str
) -> None:
    answer = await client.get(f"/v1/access-keys/{part}", headers=admin)

    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:onward:problem:not-found"


async def test_a_control_character_in_a_path_is_not_found(client: AsyncClient) -> None:
    assert (await client.get("/docs/a%00b")).status_code == 404


@pytest.mark.parametrize("given", ["", '""', "a b", "é", "x" * 256])
async def test_an_idempotency_key_that_is_none_is_refused(
    client: AsyncClient, admin: dict[str, str], given: str
) -> None:
    headers = [
        (b"Authorization", admin["Authorization"].encode()),
        (b"Idempotency-Key", given.encode("latin-1")),
    ]

    answer = await client.post("/v1/access-keys", json={"role": "privacy", "holder": "A"}, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["member"] == "Idempotency-Key"
    assert answer.json()["errors"][0]["source"] == "header"
