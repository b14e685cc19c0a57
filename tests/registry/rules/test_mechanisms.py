"""Transfer columns: what lists write there, the safeguards that they claim, and what contradicts the places."""

from datetime import date

import pytest

import transfers
from registry.rules.imports.contradictions import contradictions
from registry.rules.imports.mechanisms import Reading, mechanisms
from transfers.safeguards import Bcr, Scc
from transfers.vocabulary import ApprovedUnder, ClauseSet, Framework

LAW = transfers.load_law()
DAY = date(2026, 11, 24)

CLAIMED = {
    "SCCs (Module 3)": "scc-module-3",
    "SCCs": "scc",
    "SCCs²": "scc",
    "SCCs[1], BCR*": "bcr scc",
    "EU SCCs.": "scc",
    "Standard Data Protection Clauses (Art. 46 para. 2 lit. c GDPR)": "scc",
    "Standarddatenschutzklauseln  (Art. 46 Abs. 2 lit. c DSGVO)": "scc",
    "Standard Privacy Policies (Art. 46 Abs. 2 litt. c und d DSGVO)": "scc authority-clauses",
    "Art. 46 Abs. 2 lit. c DSGVO": "scc",
    "Clauses contractuelles types (article 46.2 c) du RGPD)": "scc",
    "A46-2-c": "scc",
    "표준계약조항": "scc",
    "SCCs\xad\nDat\xada encr\xadyption": "scc",
    "EU Standard Contractual Clauses (Module 2), Vercel DPA.": "scc-module-2",
    "SCCs (Modules 2 and 3)": "scc-module-2 scc-module-3",
    "SCC Modules 1-3": "scc-module-1 scc-module-2 scc-module-3",
    "Processor-to-processor SCCs": "scc-module-3",
    "Standard contractual clauses (C2P) under Decision 2021/914": "scc-module-2",
    "2010/87/EU SCCs": "scc-2010-87",
    "EU 2010 SCCs": "scc-2010-87",
    "Standard Contractual Clauses (2010)": "scc-2010-87",
    "SCCs 2004": "scc-2004-915",
    "Commission Decision 2001/497/EC": "scc-2001-497",
    "SCCs (2021)": "scc",
    "SCCs of 4 June 2021": "scc",
    "DPF, SCCs, BCR": "bcr scc",
    "SCC, with BCR as fallback": "scc bcr",
    "BCR-P": "bcr-processor",
    "BCRs for controllers and processors": "bcr-controller bcr-processor",
    "Article 46(2)(c) and (f) GDPR": "scc certification",
    "UK IDTA/Addendum": "uk-idta uk-addendum",
    "SCCs + UK Addendum": "scc uk-addendum",
    "International Data Transfer Addendum": "uk-addendum",
    "Art. 49(1)(a) GDPR": "derogation-a",
    "Derogation under Art. 49 (1) lit. b": "derogation-b",
    "SCCs; explicit consent": "scc derogation-a",
    "SCCs and no BCR": "scc",
    "No DPF but SCCs": "scc",
    "Where the DPF does not apply, SCCs": "scc",
    "Module 3": "scc-module-3",
    "P2P": "scc-module-3",
    # No instrument is claimed by these.
    "SCCs will be signed": "",
    "We are working on SCCs": "",
    "SCCs signed on 12 May 2010": "",
    "old SCCs": "",
    "SCCs not required": "",
    "N/A": "",
    "DPF": "",
    "No transfer": "",
    "kein Transfer": "",
    "N/A, since no data is transferred outside of the EU": "",
    "Intra-EU transfer (no SCCs required between EU controller and EU processor).": "",
    "SCCs not yet signed": "",
    "SCCs (EU) are pending signature": "",
    "ohne Standardvertragsklauseln": "",
    "DPA has been executed.": "",
    "Adequacy decision": "",
    "Yes": "",
    "": "",
}


@pytest.mark.parametrize(("text", "keys"), CLAIMED.items())
def test_a_transfer_column_becomes_claimed_safeguards_in_the_order_of_the_ladder(
    text: str, keys: str
) -> None:
    claimed = mechanisms(text, DAY).claimed

    assert list(claimed) == keys.split()
    assert [safeguard.position for safeguard in claimed.values()] == list(range(1, len(claimed) + 1))
    assert all(safeguard.evidenced_on is None for safeguard in claimed.values())


def test_what_is_not_said_of_an_instrument_stays_open() -> None:
    [clauses] = mechanisms("SCCs", DAY).claimed.values()
    [rules] = mechanisms("UK BCRs", DAY).claimed.values()
    [swiss] = mechanisms("EU SCCs with Swiss addendum", DAY).claimed.values()

    assert clauses.tool == Scc(set=ClauseSet.SET_2021_914)
    assert rules.tool == Bcr(approved_under=ApprovedUnder.UK_GDPR)
    assert swiss.tool == Scc(set=ClauseSet.SET_2021_914, swiss_adaptations=True)


def test_the_set_of_clauses_is_not_guessed_on_a_day_on_which_several_were_in_use() -> None:
    reading = mechanisms("SCCs", date(2021, 12, 1))

    assert reading.claimed == {}
    assert "does not say which set of clauses" in reading.notes[0]
    assert list(mechanisms("SCCs 2021/914", date(2021, 12, 1)).claimed) == ["scc"]


def test_before_the_clauses_of_2021_only_those_of_2010_were_for_processors() -> None:
    reading = mechanisms("SCCs", date(2021, 1, 19))

    assert list(reading.claimed) == ["scc-2010-87"]
    assert "the only one for processors" in reading.notes[0]
    assert not mechanisms("SCCs", date(2010, 5, 14)).claimed


def test_what_stands_in_place_of_a_framework_is_claimed_without_it() -> None:
    reading = mechanisms("SCCs in place of DPF", DAY)

    assert (list(reading.claimed), reading.frameworks) == (["scc"], ())


def test_a_framework_is_a_fact_to_be_checked_and_no_instrument() -> None:
    reading = mechanisms("Swiss-U.S. DPF, EU-U.S. DPF and UK Extension", DAY)

    assert reading.frameworks == (Framework.SWISS_US_DPF, Framework.EU_US_DPF, Framework.UK_EXTENSION)
    assert "Look it up there" in reading.notes[0]


GROUNDS = {
    "Adequacy (EU)": (True, False, False),
    "Angemessenheitsbeschluss (Art. 45 DSGVO)": (True, False, False),
    "No transfer mechanism required": (False, True, False),
    "EU": (False, True, False),
    "Data stays within the EEA": (False, True, False),
    "Verarbeitung ausschließlich in der EU": (False, True, False),
    "Not required": (False, False, True),
    "No transfer mechanism": (False, False, True),
    "-": (False, False, False),
}


@pytest.mark.parametrize(("text", "expected"), GROUNDS.items())
def test_grounds_that_are_no_instrument_are_told_apart(text: str, expected: tuple[bool, bool, bool]) -> None:
    reading = mechanisms(text, DAY)

    assert (reading.adequacy, reading.no_transfer, reading.nothing) == expected


NOTED = {
    "DPA has been executed.": "names no ground of a transfer",
    "EU law\nData minimization": "names no ground of a transfer",
    "Yes": "“yes” in the transfer mechanism is not understood",
    "SCCs; magic beans": "“magic beans” in the transfer mechanism is not understood",
    "SCCs not yet signed": "absent or still to come",
    "SCCs where applicable": "under a condition only",
    "Art. 49 GDPR": "which ground of Article 49(1)",
    "SCCs " + "x" * 2000: "Only the first 2000 characters",
    "SCCs, " * 50: "names more than 40 grounds",
}


@pytest.mark.parametrize(("text", "told"), NOTED.items())
def test_what_is_not_taken_is_reported_with_a_remedy(text: str, told: str) -> None:
    assert any(told in note for note in mechanisms(text, DAY).notes)


CONTRADICTED = [
    ("Adequacy decision", ["IN"], "no adequacy decision for India is in force"),
    ("Adequacy decision", ["US"], "covers only organisations on its list"),
    ("Adequacy (EU)", ["FR"], "France needs none"),
    ("No transfer", ["US"], "names United States, outside the EU and EEA"),
    ("kein Transfer", ["DE", "IN"], "names India, outside the EU and EEA"),
    ("N/A", ["US"], "names no ground of transfer"),
    ("EU SCCs; Korea has EU adequacy decision (2021/1772).", ["KR"], "the one for United Kingdom"),
    ("Adequacy decision 2019/9999", ["JP"], "not among the adequacy decisions on record"),
    ("Privacy Shield", ["US"], "not in force on 2026-11-24 (C-311/18"),
    ("DPF", ["IN"], "for organisations in the United States"),
    ("2010/87/EU SCCs", ["US"], "nobody may rely since 2022-12-27"),
    ("SCCs 2021/915", ["US"], "no ground of transfer"),
    ("CBPR", ["SG"], "no ground of transfer under the GDPR"),
]


@pytest.mark.parametrize(("text", "countries", "told"), CONTRADICTED)
def test_a_ground_that_contradicts_the_place_is_pointed_out(
    text: str, countries: list[str], told: str
) -> None:
    [said] = contradictions(mechanisms(text, DAY), countries, LAW, DAY)

    assert told in said


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Adequacy decision", ["JP", "GB"]),
        ("Standard Contractual Clauses or adequacy decision", ["GB", "IN"]),
        ("No transfer", ["NL", "NO"]),
        ("No transfer", []),
        ("N/A", ["DE"]),
        ("DPF, SCCs", ["US"]),
        ("DPF", ["US", "IN"]),
        ("SCCs (Module 3)", ["IN"]),
        ("BCR", ["XK"]),
    ],
)
def test_a_ground_that_may_be_true_contradicts_nothing(text: str, countries: list[str]) -> None:
    assert contradictions(mechanisms(text, DAY), countries, LAW, DAY) == []


def test_the_law_of_the_day_decides_and_not_that_of_today() -> None:
    shield = mechanisms("Privacy Shield", date(2019, 1, 1))

    assert contradictions(shield, ["US"], LAW, date(2019, 1, 1)) == []
    assert contradictions(Reading(text="No transfer", no_transfer=True), ["GB"], LAW, date(2019, 1, 1)) == []
