"""Article 46(2)(e): an approved code of conduct with binding commitments of the importer."""

from typing import Final

from transfers.ladder import FAILS
from transfers.rules.clause14_transfer_impact_assessment import assessed
from transfers.safeguards import CodeOfConduct
from transfers.statements import refuses
from transfers.weighing import Weighing

NOT_A_TOOL: Final = refuses(
    "not_a_transfer_tool",
    "46(2)(e)",
    "The code is not approved as a transfer tool of general validity (Art 40(3), (9)).",
)
NOT_KNOWN_AS_TOOL: Final = refuses(
    "not_a_transfer_tool",
    "46(2)(e)",
    "That the code, with its commitments, is a transfer tool of general validity is not shown.",
)
NO_COMMITMENTS: Final = refuses(
    "code_of_conduct_commitments_missing",
    "46(2)(e)",
    "The importer made no binding and enforceable commitments.",
)
NONE_KNOWN: Final = refuses(
    "code_of_conduct_not_known",
    "46(2)(e)",
    "No code approved as a transfer tool with general validity is known.",
)


def code_of_conduct(weighing: Weighing, code: CodeOfConduct) -> None:
    """Article 46(2)(e): no such code is known, so one in which nothing fails is a review.

    The EU Cloud and CISPE codes of 2021 are codes for Article 28, not for transfers.
    """
    for member, value, ask, refusal in (
        ("transfer_tool", code.transfer_tool, "Is the code approved as a tool for transfers?", NOT_A_TOOL),
        (
            "general_validity",
            code.general_validity,
            "By which act of the Commission has the code general validity?",
            NOT_A_TOOL,
        ),
        (
            "binding_commitments",
            code.binding_commitments,
            "Which binding commitments did the importer make to apply the code?",
            NO_COMMITMENTS,
        ),
    ):
        if value is None:
            weighing.lacks(member, ask)
        elif not value:
            weighing.fails(refusal)
    if weighing.state == FAILS:
        if not any(finding.code == NOT_A_TOOL.code for finding in weighing.findings):
            weighing.says(NOT_KNOWN_AS_TOOL)
        return  # an assessment would not make a tool of it
    weighing.says(NOT_KNOWN_AS_TOOL)
    assessed(weighing, code.tia)
    if weighing.state != FAILS:
        weighing.disputed("code-of-conduct", NONE_KNOWN)
