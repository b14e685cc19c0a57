"""What needs notice is decided by effect, in one table, never by the author."""

from typing import Any

import pytest

from registry.resources.changes import Effect, Notice
from registry.rules.differences import Names, differences
from registry.rules.effect import notice, same_words

PLACE = {"role": "storage", "text": "Paris", "country": "FR"}
USE = {
    "purpose": "Hosting",
    "places": {"paris": PLACE},
    "data": {"contact": {"text": "Contact data"}},
    "services": {"payroll": True},
}
SCC = {"position": 1, "tool": {"type": "scc", "set": "2021/914", "module": 3}}
TERMS: dict[str, Any] = {
    "uses": {"hosting": USE},
    "safeguards": {"scc": SCC},
    "obligations": {"audit": True},
    "agreement": {"status": "incorporated"},
    "contacts": {"dpo": {"name": "Pia", "email": "old@vendor.example"}},
    "product": "EC2",
}


def with_(path: str, value: Any) -> dict[str, Any]:
    """The terms with one member written, or removed where the value is None."""

    def put(document: dict[str, Any], members: list[str]) -> dict[str, Any]:
        [first, *rest] = members
        copy = dict(document)
        if rest:
            copy[first] = put(copy.get(first, {}), rest)
        elif value is None:
            copy.pop(first)
        else:
            copy[first] = value
        return copy

    return put(TERMS, path.split("."))


@pytest.mark.parametrize(
    ("path", "value", "effect"),
    [
        ("uses.mail", USE, Effect.WIDENS),
        ("uses.hosting", None, Effect.NARROWS),
        ("uses.hosting.purpose", "Advertising", Effect.WIDENS),
        ("uses.hosting.purpose", "hosting.", Effect.WORDING),
        ("uses.hosting.places.lyon", {**PLACE, "text": "Lyon"}, Effect.WIDENS),
        ("uses.hosting.places.paris", None, Effect.NARROWS),
        ("uses.hosting.places.paris.country", "US", Effect.WIDENS),
        ("uses.hosting.places.paris.role", "support_access", Effect.WIDENS),
        ("uses.hosting.places.paris.text", "Paris, France", Effect.WORDING),
        ("uses.hosting.places.paris.operated_by", "0199", Effect.WIDENS),
        ("uses.hosting.data.health", {"text": "Health"}, Effect.WIDENS),
        ("uses.hosting.data.contact", None, Effect.NARROWS),
        ("uses.hosting.data.contact.special_categories", True, Effect.WIDENS),
        ("uses.hosting.data.contact.text", "contact data.", Effect.WORDING),
        ("uses.hosting.data.contact.text", "Contract data", Effect.WIDENS),
        ("uses.hosting.places.paris.text", "Lyon, France", Effect.WIDENS),
        ("special_categories", False, Effect.NARROWS),
        ("special_categories", True, Effect.WIDENS),
        ("safeguards.scc.tool.annexes_complete", False, Effect.WIDENS),
        ("agreement.status", "action_required", Effect.WIDENS),
        ("contacts.dpo.email", "new@vendor.example", Effect.WORDING),
        ("product", "Rekognition", Effect.WIDENS),
        ("uses.hosting.services.desk", True, Effect.WIDENS),
        ("uses.hosting.services", {}, Effect.WIDENS),
        ("uses.hosting.optional", True, Effect.NARROWS),
        ("safeguards.scc", None, Effect.WIDENS),
        ("safeguards.bcr", SCC, Effect.NARROWS),
        ("safeguards.scc.tool.module", 2, Effect.WIDENS),
        ("safeguards.scc.tool.tia", {"outcome": "adequate"}, Effect.NARROWS),
        ("safeguards.scc.tool.tia", {"outcome": "inadequate"}, Effect.WIDENS),
        ("safeguards.scc.reference", "A-12", Effect.WORDING),
        ("safeguards.scc.evidenced_on", "2026-01-01", Effect.NARROWS),
        ("obligations.audit", None, Effect.WIDENS),
        ("obligations.security", True, Effect.NARROWS),
        ("engaged_by", {"0199": True}, Effect.WIDENS),
        ("summary", "Other words", Effect.WORDING),
        ("links.dpa", "https://vendor.example/dpa", Effect.WORDING),
        ("contacts.sales", {"name": "Ann"}, Effect.WORDING),
        ("sub_processors_url", "https://vendor.example", Effect.WORDING),
        ("an_unheard_of_member", "x", Effect.WIDENS),
    ],
)
def test_each_member_has_its_effect(path: str, value: Any, effect: Effect) -> None:
    [found] = differences(TERMS, with_(path, value), Names())
    assert found.effect is effect


def test_the_first_service_narrows_what_served_all() -> None:
    every = with_("uses.hosting.services", {})
    [found] = differences(every, TERMS, Names(services={"payroll": "Payroll"}))
    assert (found.old, found.new, found.effect) == ("all services", "Payroll", Effect.NARROWS)


def test_the_text_of_a_place_that_is_not_read_is_more_than_an_address_line() -> None:
    unread = with_("uses.hosting.places.paris", {"role": "storage", "text": "Europe"})
    elsewhere = with_("uses.hosting.places.paris", {"role": "storage", "text": "Worldwide"})
    [found] = differences(unread, elsewhere, Names())
    assert found.effect is Effect.WIDENS


def test_the_same_document_has_no_differences() -> None:
    assert differences(TERMS, dict(TERMS), Names()) == ()


@pytest.mark.parametrize(
    ("effects", "owed"),
    [
        ({Effect.WIDENS, Effect.NARROWS}, Notice.FULL_PERIOD),
        ({Effect.NARROWS, Effect.WORDING}, Notice.AT_ONCE),
        ({Effect.WORDING}, Notice.NONE),
        (set(), Notice.NONE),
    ],
)
def test_the_widest_effect_decides_the_notice(effects: set[Effect], owed: Notice) -> None:
    assert notice(effects) is owed


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Cloud infrastucture", "Cloud infrastructure", True),
        ("Hosting", "hosting.", True),
        ("Support", "Marketing", False),
        ("Hosting", "Hosting and training of models", False),
        ("EU data", "US data", False),
        ("non-sensitive", "sensitive", False),
        ("occasional support", "support", False),
        ("Generic data", "Genetic data", False),
        ("Stripe Payments Ltd", "Strike Payments Ltd", False),
        ("Lumière Hébergement", "Lumiere Hebergement", True),
        ("Perfromance monitoring", "Performance monitoring", True),
    ],
)
def test_spelling_is_wording_and_another_word_is_not(one: str, other: str, same: bool) -> None:
    assert same_words(one, other) is same
    assert same_words(other, one) is same
