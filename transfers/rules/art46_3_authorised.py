"""Article 46(3): own clauses, and arrangements between public bodies, that an authority authorised."""

from datetime import date
from typing import Final

from msgspec import UNSET, UnsetType

from transfers.ladder import HOLDS_ARGUABLY
from transfers.rules.art46_2_a_public_instrument import between_public_bodies
from transfers.rules.clause14_transfer_impact_assessment import assessed
from transfers.safeguards import AdHocClauses, AdministrativeArrangement
from transfers.statements import refuses, supports
from transfers.weighing import Weighing

AD_HOC: Final = supports("adhoc_authorised", "46(3)(a)", "The authority authorised the parties' own clauses.")
ARRANGEMENT: Final = supports(
    "admin_arrangement_authorised",
    "46(3)(b)",
    "The authority authorised the arrangement between public bodies.",
)
UNAUTHORISED: Final = refuses(
    "authorisation_missing", "46(3)", "The supervisory authority's authorisation is missing on that day."
)
AUTHORISATION_UNKNOWN: Final = refuses(
    "authorisation_missing",
    "46(3)",
    "Whether and when the supervisory authority authorised it is not on record.",
)
NOT_FOR_PARTY: Final = refuses("tool_not_available_to_party", "46(3)(b)", "Only public bodies can use it.")


def ad_hoc_clauses(weighing: Weighing, clauses: AdHocClauses) -> None:
    """Article 46(3)(a): own clauses count from their authorisation; not authorised is firm."""
    _authorised(weighing, clauses.authorised_on)
    assessed(weighing, clauses.tia)
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(AD_HOC)


def administrative_arrangement(weighing: Weighing, arrangement: AdministrativeArrangement) -> None:
    """Article 46(3)(b): both parties public, and authorised; a lacking assessment only warns."""
    if not between_public_bodies(weighing.case):
        weighing.fails(NOT_FOR_PARTY)
    _authorised(weighing, arrangement.authorised_on)
    assessed(weighing, arrangement.tia, only_warns=True)
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(ARRANGEMENT)


def _authorised(weighing: Weighing, authorised_on: date | None | UnsetType) -> None:
    if authorised_on is UNSET:
        ask = "On which day did the supervisory authority authorise it?"
        weighing.lacks("authorised_on", ask, AUTHORISATION_UNKNOWN)
    elif not isinstance(authorised_on, date) or authorised_on > weighing.case.day:
        weighing.fails(UNAUTHORISED)
