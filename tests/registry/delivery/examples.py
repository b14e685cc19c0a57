"""Changes to tell of."""

from datetime import UTC, date, datetime
from uuid import UUID

from msgspec.structs import replace

from registry.resources.changes import (
    About,
    ChangeKind,
    Difference,
    Effect,
    Operation,
    Part,
    PublishedChange,
)

ADDED = PublishedChange(
    id=UUID("0199f3a0-0000-7000-8000-000000000007"),
    number=7,
    kind=ChangeKind.ADDED,
    reason="A second provider of text messages, in case the first one fails.",
    title="Fjord SMS AS is added as a sub-processor from 1 February 2027",
    about=None,
    parts=(
        Part(
            sub_processor_id=UUID("0199f3a0-0000-7000-8000-000000000001"),
            organisation_id=None,
            name="Fjord SMS AS",
            operation=Operation.START,
            effective_on=date(2027, 2, 1),
            differences=(
                Difference(
                    path=("uses", "sms", "places", "oslo"),
                    label="place of processing",
                    old=None,
                    new="Oslo, Norway",
                    effect=Effect.WIDENS,
                ),
            ),
        ),
    ),
    effective_on=date(2027, 2, 1),
    published_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    late=False,
    withdrawn_by=None,
    postponed_by=None,
    url="https://list.example.com/changes/0199f3a0-0000-7000-8000-000000000007",
)


def with_reason(reason: str) -> PublishedChange:
    """The change, published for another reason."""
    return replace(ADDED, reason=reason)


def named(name: str) -> PublishedChange:
    """The change, of a sub-processor of another name."""
    [part] = ADDED.parts
    return replace(ADDED, parts=(replace(part, name=name),))


_MOVE = Part(
    sub_processor_id=UUID("0199f3a0-0000-7000-8000-000000000002"),
    organisation_id=None,
    name="Lumière Hosting SAS",
    operation=Operation.SET,
    effective_on=date(2027, 3, 1),
    differences=(
        Difference(
            path=("uses", "hosting", "places", "backup"),
            label="place of backup",
            old="Lyon, France",
            new="Oslo, Norway",
            effect=Effect.WIDENS,
        ),
    ),
)
MOVED = replace(ADDED, number=8, kind=ChangeKind.MATERIAL_CHANGE, parts=(_MOVE,))
WITHDRAWN = replace(
    ADDED,
    number=9,
    kind=ChangeKind.WITHDRAWAL,
    about=About(id=ADDED.id, number=ADDED.number, kind=ADDED.kind),
    parts=(
        replace(ADDED.parts[0], operation=Operation.WITHDRAW, previously_on=date(2027, 2, 1), differences=()),
    ),
)
