"""Nothing is called covered that lacks what the law asks for, checked here by a list of its own.

The facts are whole ones of which a little is spoilt, so that most of them come near to cover.
"""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transfers.strategies import bodies, days, read
from transfers import assess, load_law
from transfers.facts import Facts
from transfers.findings import Assessment
from transfers.safeguards import Bcr, Derogation, Scc, UkAddendum, UkIdta
from transfers.vocabulary import DerogationGround, Regime, Role, TiaOutcome, Verdict

LAW = load_law()
SCHREMS_II, SLAUGHTER = date(2020, 7, 16), date(2026, 6, 29)
GDPR, UK = date(2018, 5, 25), date(2021, 1, 1)
TIA = {"outcome": "adequate", "completed_on": "2026-08-01"}
WHOLE: list[dict[str, Any]] = [
    {"type": "scc", "set": "2021/914", "module": 2, "concluded_on": "2023-01-10", "annexes_complete": True}
    | {"swiss_adaptations": True, "tia": TIA},
    {"type": "scc", "set": "2010/87", "concluded_on": "2015-01-10", "processing_unchanged": True, "tia": TIA},
    {"type": "bcr", "kind": "controller", "approved_under": "eu_gdpr", "approved_on": "2020-01-01"}
    | {"importer_bound_from": "2020-02-01", "tia": TIA},
    {"type": "uk_idta", "concluded_on": "2023-01-10", "tia": TIA},
    {"type": "uk_addendum", "concluded_on": "2023-01-10", "scc_set": "2021/914", "module": 2, "tia": TIA},
    {"type": "derogation", "ground": "b", "necessary": True, "occasional": True},
    {
        "type": "derogation",
        "ground": "a",
        "explicit_consent": True,
        "informed_of_risks": True,
        "occasional": True,
    },
]


@st.composite
def nearly_whole(draw: st.DrawFn) -> dict[str, Any]:
    """A safeguard with all that it needs, of which one member is lost, or another day or word."""
    whole = dict(draw(st.sampled_from(WHOLE)))
    member = draw(st.sampled_from(sorted(whole.keys() - {"type", "set", "ground"})))
    value = whole[member]
    match draw(st.sampled_from(["kept", "lost", "other"])), value:
        case "lost", _:
            del whole[member]
        case "other", bool():
            whole[member] = not value
        case "other", int():
            whole[member] = draw(st.integers(1, 4))
        case "other", str() if value[:2] == "20" and "-" in value:
            whole[member] = draw(st.one_of(st.none(), days(LAW)))
        case "other", dict():
            whole[member] = value | draw(
                st.sampled_from(
                    [{"outcome": "inadequate"}, {"completed_on": "2026-06-29"}, {"completed_on": None}]
                )
            )
    return whole


def told_by(answer: Assessment, facts: Facts) -> Any:
    assert answer.relied_on is not None
    assert answer.relied_on.index is not None
    return facts.safeguards[answer.relied_on.index]


def assessed(tia: Any, facts: Facts, day: date) -> bool:
    if day < SCHREMS_II:
        return True
    if tia is None or tia.outcome is TiaOutcome.INADEQUATE:
        return False
    if tia.completed_on is not None and tia.completed_on > day:
        return False
    american = facts.importer.country in {"US", "AS", "GU", "MP", "PR", "UM", "VI"}
    return not (american and day >= SLAUGHTER) or (
        tia.completed_on is not None and tia.completed_on > SLAUGHTER
    )


def module_for(facts: Facts) -> int | None:
    """The module that the roles ask for; none towards a controller that is another's."""
    exporting, importing = (role is Role.PROCESSOR for role in (facts.exporter.role, facts.importer.role))
    if exporting and not importing:
        return 4 if facts.importer.is_exporters_controller else None
    return 3 if exporting else 2 if importing else 1


def clauses_carry(clauses: Scc, facts: Facts, day: date, regime: Regime) -> bool:
    """Signed by the day, of a set that counts on it, for these roles, whole and assessed."""
    signed = clauses.concluded_on
    if not isinstance(signed, date) or signed > day or clauses.clauses_modified:
        return False
    if clauses.set == "2021/914":
        since = {Regime.EU_GDPR: date(2021, 6, 27), Regime.CH_FADP: date(2021, 8, 27)}.get(regime, date.max)
        under_gdpr = regime is Regime.EU_GDPR and facts.importer.subject_to.gdpr
        adapted = regime is not Regime.CH_FADP or clauses.swiss_adaptations is True
        fits = clauses.module is not None and clauses.module == module_for(facts)
        whole = clauses.annexes_complete is True and adapted and not under_gdpr
        return day >= since and fits and whole and (clauses.module == 4 or assessed(clauses.tia, facts, day))
    last_signed, last = {
        Regime.EU_GDPR: (date(2021, 9, 26), date(2022, 12, 26)),
        Regime.UK_GDPR: (date(2022, 9, 21), date(2024, 3, 20)),
        Regime.CH_FADP: (date(2021, 9, 26), date(2022, 12, 31)),
    }[regime]
    unchanged = day <= last_signed or clauses.processing_unchanged is True
    roles = facts.exporter.role is not Role.PROCESSOR and facts.importer.role is Role.PROCESSOR
    return signed <= last_signed and day <= last and unchanged and roles and assessed(clauses.tia, facts, day)


def rules_carry(rules: Bcr, facts: Facts, day: date, regime: Regime) -> bool:
    approved, bound = rules.approved_on, rules.importer_bound_from
    if not (isinstance(approved, date) and approved <= day and isinstance(bound, date) and bound <= day):
        return False
    ours = regime is Regime.CH_FADP or str(rules.approved_under) == regime.value
    member = facts.importer.group_company and facts.exporter.group_company is not False
    updated = not approved < GDPR <= day or rules.updated_to_gdpr is True
    return (
        ours and member and updated and rules.approved_under is not None and assessed(rules.tia, facts, day)
    )


def carries(held: Any, facts: Facts, day: date) -> bool:
    """What at least must be on record for a firm verdict that rests on it."""
    regime = facts.regime if facts.regime is not Regime.UK_GDPR or day >= UK else Regime.EU_GDPR
    match held:
        case Scc():
            return clauses_carry(held, facts, day, regime)
        case Bcr():
            return rules_carry(held, facts, day, regime)
        case UkIdta() | UkAddendum():
            signed = isinstance(held.concluded_on, date) and held.concluded_on <= day
            fits = not isinstance(held, UkAddendum) or (
                held.scc_set == "2021/914" and held.module is not None and held.module == module_for(facts)
            )
            spared = isinstance(held, UkAddendum) and held.module == 4
            in_time = regime is Regime.UK_GDPR and day >= date(2022, 3, 21)
            return signed and fits and in_time and (spared or assessed(held.tia, facts, day))
        case Derogation(ground=DerogationGround.A):
            consented = held.explicit_consent is True and held.informed_of_risks is True
            return consented and held.occasional is True and not facts.exporter.exercises_public_powers
        case Derogation(ground=DerogationGround.B):
            needed = held.necessary is True and held.occasional is True
            return needed and not facts.exporter.exercises_public_powers
    return True


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies(LAW), st.lists(nearly_whole(), min_size=1, max_size=2), days(LAW))
def test_a_firm_verdict_rests_on_a_safeguard_that_has_all_it_needs(
    body: dict[str, Any], held: list[dict[str, Any]], day: date
) -> None:
    body.pop("onward_from", None)
    facts = read(body | {"safeguards": held})
    answer = assess(facts, LAW, day)

    if answer.verdict in {Verdict.COVERED_BY_SAFEGUARD, Verdict.COVERED_BY_DEROGATION}:
        assert carries(told_by(answer, facts), facts, day), (facts, day)


def test_each_of_the_whole_safeguards_carries_somewhere() -> None:
    """So the property above is about something."""
    routes = (
        ("DE", "controller", "IN", "processor", "eu_gdpr"),
        ("GB", "controller", "IN", "processor", "uk_gdpr"),
    )
    day = date(2026, 11, 1)
    for held in WHOLE:
        on = day if held.get("set") != "2010/87" else date(2022, 6, 1)
        tia = {"outcome": "adequate", "completed_on": (on - timedelta(days=9)).isoformat()}
        whole = held | ({"tia": tia} if "tia" in held else {})
        found = set()
        for home, role, place, other, regime in routes:
            exporter = {"country": home, "role": role}
            importer = {"country": place, "role": other, "group_company": True}
            facts = read(
                {"exporter": exporter, "importer": importer, "regime": regime, "safeguards": [whole]}
            )
            found.add(assess(facts, LAW, on).verdict)
        assert found & {Verdict.COVERED_BY_SAFEGUARD, Verdict.COVERED_BY_DEROGATION}, held


@settings(max_examples=800, deadline=None, suppress_health_check=list(HealthCheck))
@given(bodies(LAW), days(LAW))
def test_a_firm_adequacy_names_a_decision_of_the_regime_that_stands_on_the_day(
    body: dict[str, Any], day: date
) -> None:
    facts = read(body)
    answer = assess(facts, LAW, day)
    if answer.verdict is not Verdict.COVERED_BY_ADEQUACY:
        return
    relied = answer.relied_on
    assert relied is not None
    [decision] = [entry for entry in LAW.records.adequacy if entry.id == relied.decision]
    regime = facts.regime if facts.regime is not Regime.UK_GDPR or day >= UK else Regime.EU_GDPR
    entries = facts.importer.certifications or ()

    assert decision.covers(day)
    assert decision.regime is regime
    assert decision.judged
    assert not decision.indicative
    for framework in decision.certifications:
        active = [entry for entry in entries if entry.framework is framework and entry.names_importer]
        assert any(entry.status not in {None, "inactive"} for entry in active)
    for law in decision.subject_to[:1] if len(decision.subject_to) == 1 and not decision.carve_out else ():
        assert getattr(facts.importer.subject_to, law) is True
