"""Article 46(2)(f): an approved certification with binding commitments of the importer."""

from datetime import date
from typing import Final

from msgspec import UNSET

from transfers.ladder import FAILS, HOLDS_ARGUABLY
from transfers.rules.clause14_transfer_impact_assessment import assessed
from transfers.safeguards import Certification
from transfers.statements import refuses, supports
from transfers.weighing import Weighing

VALID: Final = supports(
    "certification_valid", "46(2)(f)", "A transfer certificate with binding commitments is in place."
)
NOT_A_TOOL: Final = refuses(
    "certification_not_transfer_tool",
    "46(2)(f)",
    "The scheme is not approved as a transfer tool on that day.",
)
NOT_FOR_PARTY: Final = refuses(
    "tool_not_available_to_party",
    "46(2)(f)",
    "Transfer certificates are for importers not themselves under the GDPR.",
)
NOT_YET: Final = refuses("tool_not_yet_in_force", "46(2)(f)", "The certificate was not issued on that day.")
NO_COMMITMENTS: Final = refuses(
    "certification_commitments_missing",
    "46(2)(f)",
    "The importer made no binding and enforceable commitments.",
)


def certification(weighing: Weighing, certificate: Certification) -> None:
    """Article 46(2)(f): only criteria approved for transfers count, under EU law, from their approval.

    The scheme's other versions are seals of compliance. Whether certificates can be had yet is an
    open point, so even a complete record is a review.
    """
    case = weighing.case
    tool = case.law.tools["certification"]
    scheme = f"{certificate.scheme.casefold()} {certificate.version}"
    too_early = tool.first_day is not None and case.day < tool.first_day
    if case.regime not in tool.regimes or too_early or scheme not in tool.schemes:
        weighing.fails(NOT_A_TOOL)
    if case.importer.subject_to.gdpr:
        weighing.fails(NOT_FOR_PARTY)
    if certificate.valid_from is UNSET:
        weighing.lacks("valid_from", "From which day is the certificate valid?")
    elif not isinstance(certificate.valid_from, date) or certificate.valid_from > case.day:
        weighing.fails(NOT_YET)
    if certificate.binding_commitments is None:
        ask = "Which binding commitments did the importer make to the exporter?"
        weighing.lacks("binding_commitments", ask)
    elif not certificate.binding_commitments:
        weighing.fails(NO_COMMITMENTS)
    assessed(weighing, certificate.tia)
    if weighing.state != FAILS:
        weighing.disputed("certificates-available")
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(VALID)
