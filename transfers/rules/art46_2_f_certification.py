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
SCHEME_UNKNOWN: Final = refuses(
    "certification_not_transfer_tool",
    "46(2)(f)",
    "Whether the certificate is under criteria approved for transfers is not on record.",
)
NOT_FOR_PARTY: Final = refuses(
    "tool_not_available_to_party",
    "46(2)(f)",
    "Transfer certificates are for importers not themselves under the GDPR.",
)
NOT_YET: Final = refuses("tool_not_yet_in_force", "46(2)(f)", "The certificate was not issued on that day.")
ISSUE_UNKNOWN: Final = refuses(
    "tool_not_yet_in_force", "46(2)(f)", "From which day the certificate is valid is not on record."
)
NO_COMMITMENTS: Final = refuses(
    "certification_commitments_missing",
    "46(2)(f)",
    "The importer made no binding and enforceable commitments.",
)
COMMITMENTS_UNKNOWN: Final = refuses(
    "certification_commitments_missing",
    "46(2)(f)",
    "Whether the importer made binding and enforceable commitments is not on record.",
)


def certification(weighing: Weighing, certificate: Certification) -> None:
    """Article 46(2)(f): only criteria approved for transfers count, under EU law, from their approval.

    The scheme's other versions are seals of compliance. Whether certificates can be had yet is an
    open point, so even a complete record is a review.
    """
    case = weighing.case
    _under_approved_criteria(weighing, certificate)
    if case.importer.subject_to.gdpr:
        weighing.fails(NOT_FOR_PARTY)
    if certificate.valid_from is UNSET:
        weighing.lacks("valid_from", "From which day is the certificate valid?", ISSUE_UNKNOWN)
    elif not isinstance(certificate.valid_from, date) or certificate.valid_from > case.day:
        weighing.fails(NOT_YET)
    if certificate.binding_commitments is None:
        ask = "Which binding commitments did the importer make to the exporter?"
        weighing.lacks("binding_commitments", ask, COMMITMENTS_UNKNOWN)
    elif not certificate.binding_commitments:
        weighing.fails(NO_COMMITMENTS)
    assessed(weighing, certificate.tia)
    if weighing.state != FAILS:
        weighing.disputed("certificates-available")
    if weighing.state <= HOLDS_ARGUABLY:
        weighing.says(VALID)


def _under_approved_criteria(weighing: Weighing, certificate: Certification) -> None:
    """A scheme has versions for transfers and others; which one it is must be on record."""
    case = weighing.case
    tool = case.law.tools["certification"]
    too_early = tool.first_day is not None and case.day < tool.first_day
    approved = [_fits(certificate, *scheme.split(" ", 1)) for scheme in tool.schemes]
    if case.regime not in tool.regimes or too_early or not any(approved):
        weighing.fails(NOT_A_TOOL)
        return
    if certificate.scheme is None:
        weighing.lacks("scheme", "Under which scheme is the certificate?", SCHEME_UNKNOWN)
    if certificate.version is None:
        ask = "Under which version of the scheme's criteria is the certificate?"
        weighing.lacks("version", ask, SCHEME_UNKNOWN)


def _fits(certificate: Certification, scheme: str, version: str) -> bool:
    """Whether what is on record could be this version of this scheme."""
    named = certificate.scheme
    return (named is None or named.casefold() == scheme) and certificate.version in {None, version}
