"""The scale on which a rule puts its conditions: met, failed, disputed or not on record."""

from transfers.case import Case
from transfers.findings import Finding, Missing
from transfers.ladder import FAILS, HOLDS, UNKNOWN
from transfers.statements import Cited, Statement


class Weighing:
    """Collects a ground's conditions; the ground stands as its worst condition does."""

    __slots__ = ("case", "findings", "missing", "path", "state")

    def __init__(self, case: Case, path: str = "") -> None:
        self.case = case
        self.path = path
        self.state = HOLDS
        self.findings: list[Finding] = []
        self.missing: list[Missing] = []

    def says(self, statement: Statement, *records: Cited) -> None:
        """State something that changes nothing."""
        case = self.case
        self.findings.append(
            case.law.cite(statement, case.book, *records) if records else statement.under(case.book)
        )

    def fails(self, statement: Statement, *records: Cited) -> None:
        """A condition is not met."""
        self.state = FAILS
        self.says(statement, *records)

    def disputed(self, point: str, *statements: Statement) -> None:
        """A condition turns on an open point: the record says how it stands on the day."""
        case = self.case
        state = case.law.reading(point, case.day, case.regime)
        if state == HOLDS:
            return
        self.state = max(self.state, state)
        for statement in statements:
            self.says(statement)
        if state != FAILS:
            self.findings.append(case.law.doubt(point, case.book))

    def unknown(self, fact: str, ask: str, *statements: Statement) -> None:
        """A condition turns on a fact that is not on record."""
        self.state = max(self.state, UNKNOWN)
        self.missing.append(Missing(fact=fact, ask=ask))
        for statement in statements:
            self.says(statement)

    def adds(self, other: "Weighing") -> None:
        """Take over what another weighing of the same ground found."""
        self.state = max(self.state, other.state)
        self.findings.extend(other.findings)
        self.missing.extend(other.missing)

    def lacks(self, member: str, ask: str, *statements: Statement) -> None:
        """As ``unknown``, for a member of the safeguard that is weighed."""
        self.unknown(f"{self.path}.{member}", ask, *statements)
