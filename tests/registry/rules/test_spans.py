"""What places have in common is asked once, and a transfer's id is the same however it is made."""

from datetime import date
from uuid import UUID, uuid5

from msgspec import convert
from msgspec.structs import replace

from registry.rules.facts import question
from registry.rules.hops import NAMESPACE, engagement_id, transfer_id
from registry.rules.spans import spans
from registry.rules.transfers import carried_by
from tests.bench.registers import world
from transfers import load_law
from transfers.facts import Facts
from transfers.findings import ReliedOn

DAY = date(2026, 11, 24)


def test_what_is_asked_of_a_hop_is_what_its_own_facts_are() -> None:
    """However it was come by: asked of another place in the same country, or made of another country's."""
    law, register, found = load_law(), world(), 0
    asked = set()
    for sub_processor in register.sub_processors.values():
        for [span] in spans(register, sub_processor, law, DAY).values():
            own = convert(question(span.hop, DAY), Facts)
            assert span.asked.facts == replace(own, as_of=None)
            asked.add(span.asked)
            found += 1

    assert 1_000 < len(asked) < found


def test_the_words_of_what_is_relied_on_are_those_of_the_hop() -> None:
    law, register = load_law(), world()
    relied = ReliedOn(kind="safeguard", index=0)
    for sub_processor in register.sub_processors.values():
        for [span] in spans(register, sub_processor, law, DAY).values():
            assert span.asked.carried_by(relied) == carried_by(span.hop, relied)
            assert span.asked.carried_by(None) is None


def test_a_transfer_keeps_its_id_on_every_machine() -> None:
    engagement = engagement_id(UUID(int=1), UUID(int=2))

    made = transfer_id(engagement, "hosting", "köln", "eu_gdpr")

    assert made == uuid5(NAMESPACE, f"{engagement}/hosting/köln/eu_gdpr")
    assert made == UUID("33379c6a-ae0c-5722-b0e7-72cea72a7602")
