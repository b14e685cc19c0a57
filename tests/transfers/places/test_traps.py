"""Names and codes that mislead: the reading is right, or says that it cannot tell."""

import pytest

from transfers.places import Status, resolve

RESOLVED = {
    # Names that stand in our own tables because pycountry has them differently, or not at all.
    "Kosovo": ["XK"],
    "UK": ["GB"],
    "EL": ["GR"],
    "U.S.": ["US"],
    "U.S.A.": ["US"],
    "UAE": ["AE"],
    "South Korea": ["KR"],
    "Korea": ["KR"],
    "North Korea": ["KP"],
    "Russia": ["RU"],
    "Czechia": ["CZ"],
    "Türkiye": ["TR"],
    "Turkey": ["TR"],
    "Côte d’Ivoire": ["CI"],
    "Ivory Coast": ["CI"],
    "Hong Kong": ["HK"],
    "Taiwan": ["TW"],
    "Macedonia": ["MK"],
    "Swaziland": ["SZ"],
    "Burma": ["MM"],
    "Cape Verde": ["CV"],
    "Congo, Democratic Republic of the": ["CD"],
    "Palestine": ["PS"],
    "England": ["GB"],
    "Northern Ireland": ["GB"],
    # "and" and commas inside names.
    "Bosnia and Herzegovina": ["BA"],
    "Trinidad & Tobago": ["TT"],
    "Saint Vincent and the Grenadines": ["VC"],
    "Korea, Republic of": ["KR"],
    "Virgin Islands, U.S.": ["VI"],
    "Serbia and Montenegro": ["RS", "ME"],
    # Codes are read where they stand as codes.
    "DE": ["DE"],
    "US/UK": ["US", "GB"],
    "FR, CA, JP": ["FR", "CA", "JP"],
    "DEU": ["DE"],
    "NO": ["NO"],
    "San Francisco, CA": ["US"],
    "Toronto, CA": ["CA"],
    "Wilmington, DE": ["US"],
    "Berlin, DE": ["DE"],
    "Vienna, VA": ["US"],
    "1058 AE Amsterdam, Netherlands": ["NL"],
    # A state tells which city or country is meant.
    "Georgia, USA": ["US"],
    "Atlanta, Georgia": ["US"],
    "Tbilisi, Georgia": ["GE"],
    "Cambridge, UK": ["GB"],
    "Cambridge, MA": ["US"],
    "London, Ontario, Canada": ["CA"],
    "Dublin, Ohio, USA": ["US"],
    "New Mexico": ["US"],
    "Victoria, Canada": ["CA"],
    "Victoria, BC": ["CA"],
    "Melbourne, Victoria": ["AU"],
    "Toronto, Ontario, CA": ["CA"],
    "Oslo NO": ["NO"],
    "SE, NO, DK": ["SE", "NO", "DK"],
    "Glasgow/Oslo": ["GB", "NO"],
    # No refusals: a number, and a name.
    "No. 5 Main Street, Singapore": ["SG"],
    "Arras, Pas-de-Calais, France": ["FR"],
    # A territory with its country is the territory.
    "Hong Kong, China": ["HK"],
    "Réunion, France": ["RE"],
    "Puerto Rico, USA": ["PR"],
    "Hong Kong and China": ["HK", "CN"],
    # Words that look like codes stay words.
    "It is hosted in Germany": ["DE"],
    "hosted by us in Germany": ["DE"],
    # Other languages.
    "Vereinigte Staaten": ["US"],
    "Royaume-Uni": ["GB"],
    "Österreich und die Schweiz": ["AT", "CH"],
    "독일, 미국": ["DE", "US"],
    "Island": ["IS"],
    # Cloud regions, also with the letter of a zone.
    "us-east-1a": ["US"],
    "us-central1-b": ["US"],
    "Germany West Central": ["DE"],
    "Europe (Zurich)": ["CH"],
    "USA (EU-US DPF)": ["US"],
}

DOUBTFUL = {
    "Georgia": (Status.AMBIGUOUS, []),
    "Armenia, Georgia, US": (Status.AMBIGUOUS, ["AM", "US"]),
    "CA": (Status.AMBIGUOUS, []),
    "US, CA": (Status.AMBIGUOUS, ["US"]),
    "IN": (Status.AMBIGUOUS, []),
    "Congo": (Status.AMBIGUOUS, []),
    "Cambridge": (Status.AMBIGUOUS, []),
    "Dublin, Oregon": (Status.AMBIGUOUS, []),
    "Lebanon, NH": (Status.AMBIGUOUS, ["US"]),
    "Southeast Asia": (Status.AMBIGUOUS, []),
    "US (Ireland)": (Status.AMBIGUOUS, ["US"]),
    "eu-west-1 (Frankfurt)": (Status.AMBIGUOUS, ["IE"]),
    "Japan, Hong Kong, China, Singapore": (Status.AMBIGUOUS, ["JP", "HK", "SG"]),
    "EU": (Status.UNBOUNDED, []),
    "EEA": (Status.UNBOUNDED, []),
    "EU, US": (Status.UNBOUNDED, ["US"]),
    "UK (EU)": (Status.UNBOUNDED, ["GB"]),
    "EU, Germany": (Status.UNBOUNDED, ["DE"]),
    "Worldwide (Local to Customer)": (Status.UNBOUNDED, []),
    "Germany, among other countries": (Status.UNBOUNDED, ["DE"]),
    "Spain, Portugal, etc.": (Status.UNBOUNDED, ["ES", "PT"]),
    "United States*": (Status.UNBOUNDED, ["US"]),
    "Germany¹": (Status.UNBOUNDED, ["DE"]),
    "Worldwide except Germany": (Status.UNKNOWN, []),
    "not in the US": (Status.UNKNOWN, []),
    "not in the US or China": (Status.UNKNOWN, []),
    "Spain and France excluded": (Status.UNKNOWN, []),
    "Excluded: Spain": (Status.UNKNOWN, []),
    "Germany; Spain; not Spain": (Status.UNKNOWN, ["DE"]),
    "Germany\n(excluded)": (Status.UNKNOWN, []),
    "EU 제외": (Status.UNKNOWN, []),
    "EU except\nHungary": (Status.UNKNOWN, []),
    "EU not in\nHungary; Germany": (Status.UNKNOWN, []),
    "EU w/o Ireland": (Status.UNKNOWN, []),
    "EU (save Ireland)": (Status.UNKNOWN, []),
    "US (deprecated)": (Status.UNKNOWN, []),
    "US: no": (Status.UNKNOWN, []),
    "United States and other non-EU regions": (Status.UNKNOWN, ["US"]),
    "not limited to Germany": (Status.UNBOUNDED, ["DE"]),
    "Ontario, CA": (Status.AMBIGUOUS, []),
    "NA": (Status.AMBIGUOUS, []),
    "SU": (Status.UNKNOWN, []),
    "DD": (Status.UNKNOWN, []),
    "in": (Status.UNKNOWN, []),
    "Freedonia": (Status.UNKNOWN, []),
    "Germany and Freedonia": (Status.UNKNOWN, ["DE"]),
    "Germany, Freedonia": (Status.UNKNOWN, ["DE"]),
    "Untied States, Germany": (Status.UNKNOWN, ["DE"]),
    "eu-west-9": (Status.UNKNOWN, []),
    "Germany, XYZ1": (Status.UNKNOWN, ["DE"]),
    "contact us": (Status.UNKNOWN, []),
    "Google Ireland Limited": (Status.UNKNOWN, []),
    "China Telecom": (Status.UNKNOWN, []),
    "[Add region]": (Status.UNKNOWN, []),
    "": (Status.UNKNOWN, []),
    "((((((((((((((((": (Status.UNKNOWN, []),
    "\x00": (Status.UNKNOWN, []),
}


@pytest.mark.parametrize(("text", "countries"), RESOLVED.items())
def test_what_is_clear_is_resolved(text: str, countries: list[str]) -> None:
    reading = resolve(text)

    assert list(dict.fromkeys(place.country for place in reading.places)) == countries
    assert reading.status is Status.RESOLVED, reading.note


@pytest.mark.parametrize(("text", "expected"), DOUBTFUL.items())
def test_what_is_not_clear_is_said_and_not_guessed(text: str, expected: tuple[Status, list[str]]) -> None:
    reading = resolve(text)

    assert (reading.status, [place.country for place in reading.places]) == expected
    assert reading.note


def test_the_city_is_kept_where_the_country_is_clear() -> None:
    [place] = resolve("91710 Gunzenhausen, Germany").places

    assert (place.country, place.city) == ("DE", "Gunzenhausen")


def test_a_cloud_region_keeps_its_code() -> None:
    [place] = resolve("EU-West-1 (Ireland)").places

    assert (place.country, place.cloud_region) == ("IE", "eu-west-1")


def test_a_misspelt_country_is_asked_about() -> None:
    assert "United States" in str(resolve("Untied States, Germany").note)


@pytest.mark.parametrize("code", ["AN", "CS", "DD", "SU", "YU", "ZR"])
def test_a_withdrawn_code_is_said_to_be_one(code: str) -> None:
    assert "is withdrawn" in str(resolve(code).note)


@pytest.mark.parametrize("code", ["ie", "Us", "de", "fr", "gb", "CH"])
def test_a_cell_that_is_nothing_but_a_code_is_one_in_any_case(code: str) -> None:
    assert [place.country for place in resolve(code).places] == [code.upper()]
