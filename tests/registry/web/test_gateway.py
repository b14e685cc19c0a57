"""HEAD, OPTIONS, CORS, 304 and the headers that every answer carries."""

import pytest
from httpx import AsyncClient


@pytest.mark.parametrize("path", ["/openapi.json", "/health", "/docs", "/docs/swagger-ui.css", "/nowhere"])
async def test_head_answers_as_get_does_but_without_body(client: AsyncClient, path: str) -> None:
    got, head = await client.get(path), await client.head(path)

    assert head.status_code == got.status_code
    assert head.content == b""
    assert dict(head.headers) == dict(got.headers)


async def test_head_is_not_allowed_where_get_is_not(client: AsyncClient) -> None:
    answer = await client.head("/v1/assessments")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "OPTIONS, POST"


async def test_options_lists_every_method(client: AsyncClient) -> None:
    answer = await client.options("/v1/access-keys")

    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "QUERY", "FOO"])
async def test_another_method_is_a_problem_that_lists_those_there_are(
    client: AsyncClient, method: str
) -> None:
    answer = await client.request(method, "/v1/access-keys")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert answer.json()["type"] == "urn:onward:problem:method-not-allowed"


async def test_an_unknown_path_is_a_problem(client: AsyncClient) -> None:
    answer = await client.get("/v1/sub-procesors")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:onward:problem:not-found"


async def test_public_reads_may_be_made_from_any_page(client: AsyncClient) -> None:
    public, private = await client.get("/openapi.json"), await client.get("/v1/me")

    assert public.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in private.headers


async def test_a_preflight_allows_reading_without_a_key(client: AsyncClient) -> None:
    asked = {"Origin": "https://example.com", "Access-Control-Request-Method": "GET"}

    allowed = await client.options("/openapi.json", headers=asked)
    refused = await client.options("/v1/me", headers=asked)

    assert allowed.headers["access-control-allow-origin"] == "*"
    assert "authorization" not in allowed.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-origin" not in refused.headers


async def test_what_needs_a_key_is_never_stored_by_a_cache(
    client: AsyncClient, admin: dict[str, str]
) -> None:
    answer = await client.get("/v1/me", headers=admin)

    assert answer.headers["cache-control"] == "no-store"
    assert "Authorization" in answer.headers["vary"]


async def test_every_answer_forbids_guessing_and_framing(client: AsyncClient) -> None:
    for path in ("/health", "/docs", "/nowhere", "/v1/me"):
        answer = await client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("given", ["{tag}", "W/{tag}", '"other", {tag}', '"other",W/{tag}', "*"])
async def test_what_the_asker_has_is_not_sent_again(client: AsyncClient, given: str) -> None:
    tag = (await client.get("/openapi.json")).headers["etag"]

    answer = await client.get("/openapi.json", headers={"If-None-Match": given.format(tag=tag)})

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == tag
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-length" not in answer.headers


@pytest.mark.parametrize("given", ['"other"', 'W/"other"', "", '"', "{bare}"])
async def test_what_the_asker_has_not_is_sent(client: AsyncClient, given: str) -> None:
    tag = (await client.get("/openapi.json")).headers["etag"]

    answer = await client.get("/openapi.json", headers={"If-None-Match": given.format(bare=tag.strip('"'))})

    assert answer.status_code == 200


async def test_a_head_request_is_answered_304_too(client: AsyncClient) -> None:
    tag = (await client.get("/openapi.json")).headers["etag"]

    assert (await client.head("/openapi.json", headers={"If-None-Match": tag})).status_code == 304
