"""A rule, its data and its cases are found by file name; a disputed point is met by a case."""

import re
from pathlib import Path

import pytest

import transfers
from tests.transfers.tables import FOLDER, cases, facts_of, turns
from transfers import assess, load_law
from transfers.judging import RULES
from transfers.standing import day_after
from transfers.vocabulary import SAFEGUARD_TYPES

LAW = load_law()
PACKAGE = Path(transfers.__file__).parent


def test_every_rule_has_a_table_of_cases_of_its_own_name() -> None:
    rules = {path.stem for path in (PACKAGE / "rules").glob("*.py")} - {"__init__"}
    tables = {path.stem for path in FOLDER.glob("*.toml")}

    assert rules <= tables


def test_the_first_words_of_a_rule_file_are_its_article() -> None:
    for path in (PACKAGE / "rules").glob("art*.py"):
        number = re.match(r"art(\d+)", path.stem)
        assert number is not None
        assert re.match(rf'"""Articles? {number[1]}|"""Articles 46\(2\)\(b\) and 47', path.read_text())


@pytest.mark.parametrize(
    ("article", "stem"),
    [
        ("46(2)(a)", "art46_2_a_public_instrument"),
        ("46(2)(b)", "art47_binding_corporate_rules"),
        ("46(2)(c)", "art46_2_c_standard_clauses"),
        ("46(2)(d)", "art46_2_d_authority_clauses"),
        ("46(2)(e)", "art46_2_e_code_of_conduct"),
        ("46(2)(f)", "art46_2_f_certification"),
        ("46(3)(a)", "art46_3_authorised"),
        ("46(3)(b)", "art46_3_authorised"),
        ("49(1)", "art49_derogations"),
    ],
)
def test_one_search_for_an_article_finds_its_rule_its_data_and_its_cases(article: str, stem: str) -> None:
    rule = PACKAGE / "rules" / f"{stem}.py"
    data = [path for path in (PACKAGE / "data").glob("*.toml") if article in path.read_text()]

    assert article in rule.read_text()
    assert data
    assert article in (FOLDER / f"{stem}.toml").read_text()


def test_every_type_of_safeguard_has_its_rule_and_its_name() -> None:
    tags = {kind.__struct_config__.tag for kind in RULES}

    assert tags == set(SAFEGUARD_TYPES)
    assert {tool.type for tool in LAW.records.tool if tool.type} | {"other"} == tags


def test_every_open_point_that_makes_reviews_is_met_by_a_case() -> None:
    answers = [assess(facts_of(case), LAW, case.on) for _, case in cases()]
    for turn in turns():
        facts = facts_of(turn)
        answers.extend(assess(facts, LAW, day) for day in (turn.first, day_after(turn.last or turn.first)))
    cited = {
        source.open_point
        for answer in answers
        for finding in answer.findings
        for source in finding.sources
        if source.open_point is not None
    }

    assert {point.id for point in LAW.records.point if point.effect == "review"} <= cited


def test_a_point_that_only_informs_changes_no_verdict() -> None:
    notes = {point.id for point in LAW.records.point if point.effect == "note"}
    text = "".join(path.read_text() for path in PACKAGE.rglob("*.py"))

    assert notes
    assert not [point for point in notes if f'"{point}"' in text]


def test_every_record_is_dated_sourced_and_checked_by_the_edition() -> None:
    for _, record in LAW.records.dated():
        assert record.checked_on <= LAW.day
        assert record.cites


def test_neighbouring_slices_are_in_order_and_named_by_an_event() -> None:
    for table in LAW.standings.values():
        for standing in table.values():
            assert standing.days == sorted(set(standing.days))
            assert list(standing.events) == standing.days
            for earlier, later in zip(standing.slices, standing.slices[1:], strict=False):
                assert day_after(earlier.first_day) <= later.first_day
