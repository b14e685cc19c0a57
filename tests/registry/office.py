"""An office for tests: people with keys who draft, review and publish over HTTP."""

from typing import Any
from uuid import uuid4

import httpx

from registry.actions.register import ensure_owner
from registry.clock import Clock
from registry.database import Pool
from registry.resources.access_keys import KeyRole
from registry.settings import Settings
from tests import keys

OBLIGATIONS = {
    "confidentiality": True,
    "security": True,
    "sub_processing": True,
    "assistance": True,
    "breach_notice": True,
    "deletion_or_return": True,
    "audit": True,
}


def organisation(name: str = "Acme Hosting GmbH", **facts: Any) -> dict[str, Any]:
    """Facts of a vendor with everything that the identity check asks for."""
    return {
        "legal_name": name,
        "country": "DE",
        "address": "Hauptstraße 1, Berlin",
        "contacts": {"dpo": {"name": "Data protection officer", "email": "dpo@vendor.example"}},
        **facts,
    }


def terms(text: str = "Germany", **members: Any) -> dict[str, Any]:
    """Terms with one use at one place and everything that the checks ask for."""
    return {
        "category": "hosting",
        "uses": {"hosting": use(text)},
        "obligations": OBLIGATIONS,
        "special_categories": False,
        **members,
    }


def use(text: str = "Germany", purpose: str = "Hosting", role: str = "storage") -> dict[str, Any]:
    return {
        "purpose": purpose,
        "data": {"contact": {"text": "Contact details"}},
        "places": {"main": {"role": role, "text": text}},
    }


class Office:
    """Noor of procurement drafts, Bram of privacy publishes, Ada is admin, Otto audits."""

    def __init__(self, client: httpx.AsyncClient, people: dict[str, dict[str, str]]) -> None:
        self.client = client
        self.noor = people["procurement"]
        self.bram = people["privacy"]
        self.ada = people["admin"]
        self.otto = people["auditor"]

    @classmethod
    async def open(cls, client: httpx.AsyncClient, pool: Pool, clock: Clock, settings: Settings) -> "Office":
        holders = {"procurement": "Noor", "privacy": "Bram", "admin": "Ada", "auditor": "Otto"}
        async with pool.acquire() as db:
            await ensure_owner(db, clock, settings)
        people = {
            role: await keys.headers(pool, clock, KeyRole(role), holder) for role, holder in holders.items()
        }
        return cls(client, people)

    async def draft(self, who: dict[str, str] | None = None, **change: Any) -> httpx.Response:
        body = {"reason": "Because", **change}
        return await self.client.post("/v1/changes", json=body, headers=who or self.noor)

    async def review(self, change_id: str) -> httpx.Response:
        return await self.client.get(f"/v1/changes/{change_id}/review", headers=self.bram)

    async def publish(
        self, change_id: str, who: dict[str, str] | None = None, **publication: Any
    ) -> httpx.Response:
        """Publish what the review shows, accepting what blocks and can be accepted."""
        review = await self.review(change_id)
        if review.status_code != httpx.codes.OK:
            return review
        accept = [
            {"code": check["code"], "subject": check["subject"], "reason": "Known"}
            for check in review.json()["checks"]
            if check["level"] == "blocks" and check["acceptable"]
        ]
        return await self.client.post(
            f"/v1/changes/{change_id}/publication",
            json={"accept": accept, **publication},
            headers={**(who or self.bram), "If-Match": review.headers["etag"]},
        )

    async def published(self, **change: Any) -> dict[str, Any]:
        """Draft and publish a change; it must succeed."""
        drafted = await self.draft(**change)
        assert drafted.status_code == httpx.codes.CREATED, drafted.text
        done = await self.publish(drafted.json()["id"])
        assert done.status_code == httpx.codes.CREATED, done.text
        answer: dict[str, Any] = done.json()
        return answer

    async def added(
        self, name: str = "Acme Hosting GmbH", day: str = "2026-01-01", **patch: Any
    ) -> tuple[str, dict[str, Any]]:
        """A sub-processor with terms from a day on: its id, and the change that added it."""
        change = await self.published(
            kind="added",
            parts=[
                {
                    "sub_processor": {"organisation": organisation(name)},
                    "operation": "start",
                    "effective_on": day,
                    "patch": patch or terms(),
                }
            ],
        )
        return change["parts"][0]["sub_processor_id"], change

    async def alter(self, key: str, day: str, patch: dict[str, Any], **change: Any) -> dict[str, Any]:
        return await self.published(
            **{"kind": "material_change", "parts": [part(key, "set", day, patch)], **change}
        )

    async def about(self, change_id: str, what: str, **body: Any) -> httpx.Response:
        """Draft a withdrawal or postponement of a published change."""
        return await self.client.post(
            f"/v1/changes/{change_id}/{what}",
            json={"reason": "Because", **body},
            headers={**self.noor, "Idempotency-Key": str(uuid4())},
        )

    async def terms(self, key: str) -> list[dict[str, Any]]:
        """The periods of a sub-processor's terms."""
        answer = await self.client.get(f"/v1/sub-processors/{key}/terms", headers=self.otto)
        periods: list[dict[str, Any]] = answer.json()["periods"]
        return periods

    async def places(self, key: str, day: str) -> set[str]:
        """The texts of the places of a sub-processor's first use on a day; nothing when not on the list."""
        answer = await self.client.get(f"/v1/sub-processors/{key}", params={"as_of": day})
        shown = answer.json()
        if shown["status"] not in ("active", "ending"):
            return set()
        return {place["text"] for use_ in shown["uses"] for place in use_["places"]}


def part(key: str, operation: str, day: str, patch: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "sub_processor_id": key,
        "operation": operation,
        "effective_on": day,
        **({"patch": patch} if patch is not None else {}),
    }


def place(key: str, text: str, role: str = "backup") -> dict[str, Any]:
    """A patch that adds a place to the use of `terms`."""
    return {"uses": {"hosting": {"places": {key: {"role": role, "text": text}}}}}
