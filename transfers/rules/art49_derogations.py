"""Article 49: derogations for specific situations, ground by ground."""

from collections.abc import Callable
from typing import Final

from transfers.ladder import HOLDS_ARGUABLY
from transfers.safeguards import Derogation
from transfers.statements import Statement, refuses, supports
from transfers.vocabulary import DerogationGround
from transfers.weighing import Weighing

NOT_MET: Final = refuses(
    "derogation_conditions_not_met", "49(1)", "A condition of the derogation is not met."
)
NOT_KNOWN_MET: Final = refuses(
    "derogation_conditions_not_met", "49(1)", "Whether a condition of the derogation is met is not on record."
)
SYSTEMATIC: Final = refuses(
    "derogation_systematic",
    "49(1)",
    "Regular use: derogations are exceptions (recital 111; EDPB Guidelines 2/2018).",
)
PUBLIC_POWERS: Final = refuses(
    "derogation_not_for_public_authority",
    "49(3)",
    "Not open to a public authority that exercises its powers.",
)
NOT_YET: Final = refuses("tool_not_yet_in_force", "49(1)", "Directive 95/46/EC had no such ground.")
USE_UNKNOWN: Final = refuses(
    "derogation_systematic", "49(1)", "Whether the transfer is occasional or regular is not on record."
)
WHOLE_REGISTER: Final = refuses(
    "derogation_conditions_not_met", "49(2)", "Not the whole register or whole categories of its data."
)
SUPPORTS: Final[dict[DerogationGround, Statement]] = {
    DerogationGround.A: supports(
        "derogation_consent", "49(1)(a)", "Explicit consent after information on the risks."
    ),
    DerogationGround.B: supports(
        "derogation_contract", "49(1)(b)", "Necessary for a contract with the person."
    ),
    DerogationGround.C: supports(
        "derogation_contract_interest", "49(1)(c)", "Necessary for a contract in the person's interest."
    ),
    DerogationGround.D: supports(
        "derogation_public_interest",
        "49(1)(d)",
        "Important public interest recognised in Union or national law.",
    ),
    DerogationGround.E: supports("derogation_legal_claims", "49(1)(e)", "Necessary for legal claims."),
    DerogationGround.F: supports(
        "derogation_vital_interests", "49(1)(f)", "Vital interests of a person who cannot consent."
    ),
    DerogationGround.G: supports("derogation_register", "49(1)(g)", "Single extracts of a public register."),
    DerogationGround.COMPELLING: supports(
        "derogation_compelling",
        "49(1) second subparagraph",
        "Compelling legitimate interests, once, documented and told.",
    ),
}

_SHUT_TO_PUBLIC_POWERS: Final = frozenset(
    {DerogationGround.A, DerogationGround.B, DerogationGround.C, DerogationGround.COMPELLING}
)


def derogation(weighing: Weighing, derogation: Derogation) -> None:
    """Article 49(1) to (4). Documentation is a condition only for compelling interests."""
    ground = derogation.ground
    if ground in _SHUT_TO_PUBLIC_POWERS and weighing.case.exporter.exercises_public_powers:
        weighing.fails(PUBLIC_POWERS)
    _GROUNDS[ground](weighing, derogation)
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(SUPPORTS[ground])


def _consent(weighing: Weighing, derogation: Derogation) -> None:
    """49(1)(a): explicit, and given after information on the risks; cookie consent is neither."""
    _needs(weighing, "explicit_consent", derogation.explicit_consent)
    _needs(weighing, "informed_of_risks", derogation.informed_of_risks)
    _regular_is_argued(weighing, derogation)


def _contract(weighing: Weighing, derogation: Derogation) -> None:
    """49(1)(b): necessary and occasional. For inherently global services the limit is argued."""
    _needs(weighing, "necessary", derogation.necessary)
    if derogation.occasional is False and derogation.inherently_global_service:
        weighing.disputed("global-services", SYSTEMATIC)
    else:
        _occasional(weighing, derogation)


def _interest_or_claim(weighing: Weighing, derogation: Derogation) -> None:
    """49(1)(c) and (e): necessary and, by recital 111, occasional."""
    _needs(weighing, "necessary", derogation.necessary)
    _occasional(weighing, derogation)


def _public_interest(weighing: Weighing, derogation: Derogation) -> None:
    """49(1)(d) and (4): an interest of a foreign state alone is none."""
    _needs(weighing, "necessary", derogation.necessary)
    _needs(weighing, "recognised_in_law", derogation.recognised_in_law)
    _regular_is_argued(weighing, derogation)


def _vital_interests(weighing: Weighing, derogation: Derogation) -> None:
    """49(1)(f): the person cannot consent, physically or legally."""
    _needs(weighing, "necessary", derogation.necessary)
    _needs(weighing, "unable_to_consent", derogation.unable_to_consent)
    _regular_is_argued(weighing, derogation)


def _register(weighing: Weighing, derogation: Derogation) -> None:
    """49(1)(g) and (2): extracts, never the whole register."""
    if derogation.whole_register is None:
        _unknown(weighing, "whole_register")
    elif derogation.whole_register:
        weighing.fails(WHOLE_REGISTER)
    _regular_is_argued(weighing, derogation)


def _compelling(weighing: Weighing, derogation: Derogation) -> None:
    """49(1) second subparagraph: once, documented, authority and persons told; not before the GDPR."""
    tool = weighing.case.law.tools["compelling_interests"]
    if tool.first_day is not None and weighing.case.day < tool.first_day:
        weighing.fails(NOT_YET)
    for member in ("necessary", "documented", "authority_informed", "data_subjects_informed"):
        _needs(weighing, member, getattr(derogation, member))
    if derogation.repetitive is None:
        _unknown(weighing, "repetitive")
    elif derogation.repetitive:
        weighing.fails(NOT_MET)
    if derogation.repetitive or derogation.occasional is False:
        weighing.fails(SYSTEMATIC)


def _unknown(weighing: Weighing, member: str) -> None:
    """Several conditions may be unknown; that they are is said once."""
    said = any(finding.message == NOT_KNOWN_MET.message for finding in weighing.findings)
    weighing.lacks(member, _ASKS[member], *(() if said else (NOT_KNOWN_MET,)))


def _needs(weighing: Weighing, member: str, value: bool | None) -> None:
    if value is None:
        _unknown(weighing, member)
    elif not value:
        weighing.fails(NOT_MET)


def _occasional(weighing: Weighing, derogation: Derogation) -> None:
    if derogation.occasional is None:
        weighing.lacks("occasional", _ASKS["occasional"], USE_UNKNOWN)
    elif not derogation.occasional:
        weighing.fails(SYSTEMATIC)


def _regular_is_argued(weighing: Weighing, derogation: Derogation) -> None:
    """Recital 111 limits (b), (c) and (e); the guidelines want (a), (d), (f) and (g) read narrowly too."""
    if derogation.occasional is None:
        weighing.lacks("occasional", _ASKS["occasional"], USE_UNKNOWN)
    elif not derogation.occasional:
        weighing.disputed("derogation-regular-use", SYSTEMATIC)


_ASKS: Final = {
    "occasional": "Is the transfer occasional, or does it happen regularly?",
    "necessary": "Is the transfer necessary for the purpose of this ground?",
    "documented": "Is the assessment documented in the records of processing?",
    "explicit_consent": "Did the persons consent explicitly to this transfer?",
    "informed_of_risks": "Were the persons told of the risks before they consented?",
    "recognised_in_law": "Which Union or Member State law recognises the public interest?",
    "unable_to_consent": "Is the person physically or legally unable to consent?",
    "whole_register": "Is it a single extract, or the whole register?",
    "authority_informed": "Was the supervisory authority informed?",
    "data_subjects_informed": "Were the persons informed?",
    "repetitive": "Is the transfer made once, or repeated?",
}

_GROUNDS: Final[dict[DerogationGround, Callable[[Weighing, Derogation], None]]] = {
    DerogationGround.A: _consent,
    DerogationGround.B: _contract,
    DerogationGround.C: _interest_or_claim,
    DerogationGround.D: _public_interest,
    DerogationGround.E: _interest_or_claim,
    DerogationGround.F: _vital_interests,
    DerogationGround.G: _register,
    DerogationGround.COMPELLING: _compelling,
}
