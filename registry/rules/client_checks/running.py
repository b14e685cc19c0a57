"""All checks of clients, run on one case."""

from collections.abc import Callable, Iterator

from registry.resources.changes import Check
from registry.rules.checks import once
from registry.rules.client_checks.cases import ClientCase
from registry.rules.client_checks.processing import (
    client_transfers,
    entrusting_transfers,
    instruction_contravened,
    special_categories_not_agreed,
)
from registry.rules.client_checks.telling import (
    authorisation_pending,
    client_unreachable,
    notice_too_short,
    objection_open,
)

RULES: tuple[Callable[[ClientCase], Iterator[Check]], ...] = (
    notice_too_short,
    client_unreachable,
    authorisation_pending,
    instruction_contravened,
    special_categories_not_agreed,
    objection_open,
    client_transfers,
    entrusting_transfers,
)


def run(case: ClientCase) -> list[Check]:
    """Every finding, each once."""
    return once(check for rule in RULES for check in rule(case))
