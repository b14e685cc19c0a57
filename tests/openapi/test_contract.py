"""The committed contract is the one that is served, and says what is checked."""

import json
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient

COMMITTED = Path(__file__).parents[2] / "openapi" / "openapi.json"
CONTRACT: dict[str, Any] = json.loads(COMMITTED.read_bytes())
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]


async def test_the_committed_contract_is_the_one_that_is_served(client: AsyncClient) -> None:
    served = await client.get("/openapi.json")

    assert served.headers["content-type"] == "application/json"
    assert served.content == COMMITTED.read_bytes(), "routes have changed: run `python -m openapi`"


def test_requests_are_closed() -> None:
    for path in CONTRACT["paths"].values():
        for operation in path.values():
            schema = (
                operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            )
            if schema and "$ref" in schema:
                assert SCHEMAS[schema["$ref"].rsplit("/", 1)[-1]].get("additionalProperties") is False


def test_a_problem_stays_open() -> None:
    assert "additionalProperties" not in SCHEMAS["Problem"]


def test_safeguards_are_told_apart_by_their_type() -> None:
    safeguards = SCHEMAS["Facts"]["properties"]["safeguards"]["items"]

    assert safeguards["discriminator"]["propertyName"] == "type"
    assert "scc" in safeguards["discriminator"]["mapping"]


def test_constraints_of_parameters_are_published() -> None:
    parameters = CONTRACT["paths"]["/v1/access-keys"]["get"]["parameters"]
    [limit] = [parameter["schema"] for parameter in parameters if parameter["name"] == "limit"]

    assert limit == {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [each for value in node.values() for each in references(value)]
    return [each for value in node for each in references(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("reference", sorted(set(references(CONTRACT))))
def test_every_reference_leads_somewhere(reference: str) -> None:
    assert reference.removeprefix("#/components/schemas/") in SCHEMAS
