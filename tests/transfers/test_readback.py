"""The law read back: what pages and the API show of it."""

from datetime import date

import pytest

from tests.transfers.tables import make_facts
from transfers import assess, codes, load_law
from transfers.errors import UnsupportedError
from transfers.readback import adequacy_decisions, edition, mechanisms, name_of
from transfers.territories import territory
from transfers.upkeep import ending, stale
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


@pytest.mark.parametrize("regime", list(Regime))
def test_a_withdrawn_code_is_read_back_as_firmly_as_it_is_judged(regime: Regime) -> None:
    """Which successor is meant is open where they differ, and only there."""
    parted = [code for code, country in codes.countries().items() if len(country.became) > 1]
    depending = set()
    for code in parted:
        for day in (date(1999, 6, 1), date(2014, 6, 1), DAY):
            view = territory(LAW, code, day, regime)
            facts = make_facts(f"DE controller to {code} processor", regime=regime)
            answer = assess(facts, LAW, day)
            assert view is not None
            asks = [missing.ask for missing in answer.missing if missing.fact == "importer.country"]
            assert ([view.ask] if view.ask else []) == asks, (code, day)
            assert ("depends" in {view.now.status, view.now.adequacy}) == bool(asks), (code, day)
            if asks:
                depending.add(code)
    assert {"CS", "SU", "YU"} <= depending


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
    assert "uk_idta" not in {tool.id for tool in mechanisms(LAW, None, Regime.EU_GDPR)}
    assert "certification" not in {tool.id for tool in mechanisms(LAW, None, Regime.UK_GDPR)}


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


@pytest.mark.parametrize("day", [date(1994, 12, 31), date(2200, 1, 1)])
def test_nothing_is_read_back_of_days_that_the_law_on_record_does_not_reach(day: date) -> None:
    for ask in (
        lambda: territory(LAW, "US", day, Regime.EU_GDPR),
        lambda: adequacy_decisions(LAW, day),
        lambda: mechanisms(LAW, day),
        lambda: edition(LAW, day),
    ):
        with pytest.raises(UnsupportedError, match="reaches from 1995-01-01 to 2199-12-31"):
            ask()


def test_before_2021_the_decisions_and_tools_of_the_eu_count_under_the_uk_regime() -> None:
    before, after = date(2020, 12, 31), date(2021, 1, 1)

    assert adequacy_decisions(LAW, before, Regime.UK_GDPR) == adequacy_decisions(LAW, before, Regime.EU_GDPR)
    assert {entry.regime for entry in adequacy_decisions(LAW, after, Regime.UK_GDPR)} == {Regime.UK_GDPR}
    assert {tool.id for tool in mechanisms(LAW, after, Regime.UK_GDPR)} < {
        tool.id for tool in mechanisms(LAW)
    }


def sets_of(day: date, regime: Regime) -> set[str]:
    [scc] = [tool for tool in mechanisms(LAW, day, regime) if tool.type == "scc"]
    return {entry.set.value for entry in scc.sets}


def test_the_sets_of_clauses_are_those_on_which_a_transfer_could_rest_on_the_day() -> None:
    assert sets_of(date(2021, 6, 26), Regime.EU_GDPR) == {"2001/497", "2002/16", "2004/915", "2010/87"}
    assert sets_of(date(2022, 12, 28), Regime.EU_GDPR) == {"2021/914"}
    assert sets_of(date(2024, 3, 21), Regime.UK_GDPR) == {"2001/497", "2004/915", "2010/87"}
    assert sets_of(date(2024, 3, 22), Regime.UK_GDPR) == set()


def test_the_edition_tells_what_is_open_on_a_day_under_a_regime() -> None:
    swiss = {point.id for point in edition(LAW, date(2023, 8, 31), Regime.CH_FADP).open_points}
    later = {point.id for point in edition(LAW, date(2023, 9, 1), Regime.CH_FADP).open_points}

    assert "swiss-indicative-list" in swiss - later
    assert "swiss-list-additions" in later - swiss
    assert "gibraltar-agreement" not in later
    assert edition(LAW, date(2019, 1, 1)).records["adequacy"] < edition(LAW).records["adequacy"]


def test_the_last_days_of_carve_outs_and_stretches_are_told() -> None:
    told = {what: day for day, what in ending(LAW, date(2025, 1, 1), date(2032, 1, 1))}

    assert told["eu-gb-2021: carve_out[0].last_day"] == date(2025, 12, 23)
    assert any(what.startswith("eu-gb-2021: phase[") for what in told)
