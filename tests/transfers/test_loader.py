"""Law data: what is refused, and with which words; what an operator's own file may do."""

from datetime import date
from pathlib import Path

import pytest

from tests.transfers.tables import make_facts
from transfers import assess, load_law
from transfers.errors import LawDataError
from transfers.vocabulary import Verdict

FAULTS = sorted((Path(__file__).parent / "faults").glob("*.toml"))


@pytest.mark.parametrize("path", FAULTS, ids=lambda path: path.stem)
def test_a_faulty_file_is_refused_and_the_message_names_file_and_key(path: Path) -> None:
    expected = [
        line.removeprefix("# expect: ")
        for line in path.read_text().splitlines()
        if line.startswith("# expect: ")
    ]
    with pytest.raises(LawDataError) as caught:
        load_law([path])

    message = str(caught.value)
    assert expected
    assert all(part in message for part in expected), message
    if "overlap" not in message and "there is no" not in message:
        assert path.name in message


def test_a_file_that_is_not_there_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(LawDataError, match="check the path"):
        load_law([tmp_path / "nowhere.toml"])


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(LawDataError, match="is not TOML"):
        load_law([path])


LOCAL = """
[[adequacy]]
id = "eu-us-dpf-2023"
regime = "eu_gdpr"
title = "United States (EU-US Data Privacy Framework)"
codes = ["US"]
event = "EU-US Data Privacy Framework"
first_day = 2023-07-10
last_day = 2026-11-24
ended_by = "court"
ended = "a judgment of this morning"
conditional = true
certifications = ["eu_us_dpf"]
scope = "Organisations on the DPF list."
celex = "32023D1795"
source = "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:32023D1795"
checked_on = 2026-11-25
sure = "checked"

[[adequacy]]
id = "eu-ke-2026"
regime = "eu_gdpr"
title = "Kenya"
codes = ["KE"]
event = "Adequacy decision for Kenya"
first_day = 2026-11-25
scope = "All recipients."
source = "https://eur-lex.europa.eu/"
checked_on = 2026-11-25
sure = "checked"
"""


def test_an_operators_file_ends_a_decision_and_adds_another(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_text(LOCAL)
    law = load_law([path])
    certified = make_facts(
        "DE controller to US processor",
        importer={"certifications": [{"framework": "eu_us_dpf", "status": "active"}]},
    )
    kenya = make_facts("DE controller to KE processor")

    assert law.edition.startswith("2026-11-25+")
    assert law.edition != load_law().edition
    assert law.local == {"eu-us-dpf-2023", "eu-ke-2026"}
    assert assess(certified, law, date(2026, 11, 24)).verdict is Verdict.COVERED_BY_ADEQUACY
    assert assess(certified, law, date(2026, 11, 25)).verdict is Verdict.NOT_COVERED
    assert assess(kenya, law, date(2026, 11, 24)).verdict is Verdict.NOT_COVERED
    assert assess(kenya, law, date(2026, 11, 25)).verdict is Verdict.COVERED_BY_ADEQUACY


def test_a_record_checked_in_the_future_is_refused_where_the_day_is_known(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_text(LOCAL)

    with pytest.raises(LawDataError, match="lies after today, 2026-11-24") as caught:
        load_law([path], date(2026, 11, 24))
    assert caught.value.key == "$.adequacy.eu-us-dpf-2023.checked_on"
    assert load_law([path], date(2026, 11, 25)).day == date(2026, 11, 25)


SETTLED = """
[[point]]
id = "scc-importer-under-gdpr"
question = "Can the clauses of 2021 be used with an importer that is itself under the GDPR?"
state = "Settled in a test."
scope = "EU law, set 2021/914."
article = "46(2)(c)"
effect = "review"
careful_reading = "fails"
first_day = 1995-01-01
settled_on = 2026-12-01
settled = "holds"
source = "https://eur-lex.europa.eu/"
checked_on = 2026-11-25
sure = "checked"
"""


def test_a_settled_point_turns_a_review_into_a_firm_answer_without_code(tmp_path: Path) -> None:
    path = tmp_path / "law.toml"
    path.write_text(SETTLED)
    law = load_law([path])
    facts = make_facts(
        "NL controller to IN controller",
        importer={"subject_to": {"gdpr": True}},
        safeguards=[
            {
                "type": "scc",
                "set": "2021/914",
                "module": 1,
                "concluded_on": "2023-01-10",
                "annexes_complete": True,
                "tia": {"outcome": "adequate"},
            }
        ],
    )

    before = assess(facts, law, date(2026, 11, 30))
    assert before.verdict is Verdict.NEEDS_REVIEW
    assert before.valid_until == date(2026, 11, 30)
    assert assess(facts, law, date(2026, 12, 1)).verdict is Verdict.COVERED_BY_SAFEGUARD


def test_the_edition_is_the_newest_check_and_a_digest() -> None:
    law = load_law()
    newest = max(record.checked_on for _, record in law.records.dated())

    assert law.edition.partition("+")[0] == newest.isoformat()
    assert law.edition == load_law().edition
