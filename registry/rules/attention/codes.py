"""Every code that something to look at can have: those of the rules, and those of checks that can be accepted."""

KNOWN = frozenset(
    {
        "agreement_action_required",
        "authorisation_pending",
        "certification_ends",
        "chain_cycle",
        "change_not_binding",
        "channel_suspended",
        "client_unreachable",
        "coverage_lapses",
        "decision_ends",
        "deliveries_failed",
        "emergency",
        "flow_down_missing",
        "identity_incomplete",
        "instruction_contravened",
        "instruction_flagged",
        "law_unchecked",
        "notice_given_late",
        "notice_not_given",
        "notice_too_short",
        "objection_open",
        "published_alone",
        "published_late",
        "safeguard_ends",
        "safeguard_not_evidenced",
        "special_categories_not_agreed",
        "transfer_needs_review",
        "transfer_not_covered",
        "vendor_notice_shorter",
        "watch_failing",
    }
)


def unknown(asked: str) -> str | None:
    """What is wrong with a code that nothing can have, whose empty answer would look like nothing to do."""
    if asked in KNOWN:
        return None
    return f"there is no code {asked!r}; those known are {', '.join(sorted(KNOWN))}"
