"""The law read back: what pages and the API show of it."""

from datetime import date

import pytest

from transfers import codes, load_law
from transfers.readback import adequacy_decisions, edition, ending, mechanisms, name_of, stale, territory
from transfers.vocabulary import SAFEGUARD_TYPES, Regime

LAW = load_law()
DAY = date(2026, 11, 23)


def test_seventeen_decisions_are_in_force_under_eu_law() -> None:
    assert len(adequacy_decisions(LAW, DAY, Regime.EU_GDPR)) == 17


def test_decisions_without_a_day_include_those_that_ended() -> None:
    ids = {decision.id for decision in adequacy_decisions(LAW)}

    assert {"eu-us-safe-harbour", "eu-us-privacy-shield", "eu-us-dpf-2023", "uk-us", "ch-us"} <= ids


def test_a_territory_shows_how_it_stands_and_stood() -> None:
    view = territory(LAW, "GB", DAY, Regime.EU_GDPR)

    assert view is not None
    assert (view.now.status, view.now.adequacy, view.now.decisions) == (
        "third_country",
        "in_force",
        ("eu-gb-2021",),
    )
    assert [stretch.status for stretch in view.history][:3] == ["inside", "inside", "inside"]
    assert view.history[-1].adequacy == "in_doubt"
    assert view.history[-1].until is None


def test_an_alias_and_a_withdrawn_code_say_what_they_are() -> None:
    alias = territory(LAW, "UK", DAY, Regime.EU_GDPR)
    gone = territory(LAW, "AN", DAY, Regime.EU_GDPR)

    assert alias is not None
    assert alias.stands_for == "GB"
    assert gone is not None
    assert gone.became == ("BQ", "CW", "SX")


def test_a_code_that_never_existed_has_no_territory() -> None:
    assert territory(LAW, "ZZ", DAY, Regime.EU_GDPR) is None


@pytest.mark.parametrize("regime", list(Regime))
def test_every_code_can_be_read_back_on_every_regime(regime: Regime) -> None:
    for code in codes.KNOWN:
        view = territory(LAW, code, DAY, regime)
        assert view is not None
        assert view.now in view.history


def test_membership_follows_the_day() -> None:
    assert "GB" in LAW.members("EU", date(2020, 1, 31))
    assert "GB" not in LAW.members("EU", date(2020, 2, 1))
    assert "HR" not in LAW.members("EEA", date(2013, 6, 30))
    assert len(LAW.members("EU", DAY)) == 27
    assert len(LAW.members("EEA", DAY)) == 30


def test_a_group_without_membership_is_refused() -> None:
    with pytest.raises(ValueError, match="no legal membership"):
        LAW.members("Europe", DAY)


def test_tools_are_listed_in_statute_order_and_by_regime() -> None:
    everywhere = [tool.id for tool in mechanisms(LAW)]

    assert everywhere.index("public_instrument") < everywhere.index("scc") < everywhere.index("derogation")
    assert "uk_idta" not in {tool.id for tool in mechanisms(LAW, Regime.EU_GDPR)}
    assert "certification" not in {tool.id for tool in mechanisms(LAW, Regime.UK_GDPR)}


@pytest.mark.parametrize("tag", SAFEGUARD_TYPES)
def test_every_safeguard_has_a_public_name(tag: str) -> None:
    assert name_of(LAW, tag)[0]


def test_an_unknown_tool_has_no_name() -> None:
    with pytest.raises(KeyError):
        name_of(LAW, "magic")


def test_the_edition_counts_its_records_and_lists_what_is_open() -> None:
    view = edition(LAW)

    assert view.edition == LAW.edition
    assert view.records["adequacy"] == len(LAW.records.adequacy)
    assert any(point.careful_reading == "fails" for point in view.open_points)
    assert view.local == ()


def test_old_checks_and_coming_ends_are_told() -> None:
    assert stale(LAW, LAW.day) == ()
    assert len(stale(LAW, date(2030, 1, 1))) == sum(1 for _ in LAW.records.dated())
    assert (date(2031, 12, 27), "eu-gb-2021: last_day") in ending(LAW, DAY, date(2032, 1, 1))
