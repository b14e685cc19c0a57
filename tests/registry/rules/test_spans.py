"""What places have in common is asked once, and a transfer's id is the same however it is made."""

from datetime import date
from typing import Any
from uuid import UUID, uuid5

from registry.rules.facts import alike, question
from registry.rules.hops import NAMESPACE, engagement_id, hops, transfer_id
from tests.bench.registers import world
from transfers import load_law

DAY = date(2026, 11, 24)


def test_hops_that_are_alike_have_the_same_facts_and_others_have_not() -> None:
    asked: dict[tuple[object, ...], dict[str, Any]] = {}
    found = hops(world(), DAY, load_law())
    for hop in found:
        body = question(hop, DAY)
        assert asked.setdefault((hop.sub_processor_id, *alike(hop)), body) == body

    assert 1_000 < len(asked) < len(found)


def test_a_transfer_keeps_its_id_on_every_machine() -> None:
    engagement = engagement_id(UUID(int=1), UUID(int=2))

    made = transfer_id(engagement, "hosting", "köln", "eu_gdpr")

    assert made == uuid5(NAMESPACE, f"{engagement}/hosting/köln/eu_gdpr")
    assert made == UUID("33379c6a-ae0c-5722-b0e7-72cea72a7602")
