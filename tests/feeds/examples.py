"""News to test with: every default in one place."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from feeds.channel import Channel
from feeds.news import About, Difference, Effect, Item, Kind, Operation, Part

PUBLISHED = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)
FEBRUARY = date(2027, 2, 1)
BREVO = UUID("01990000-0000-7000-8000-00000000000b")
ADDITION = About(id=UUID("01990000-0000-7000-8000-000000000001"), number=1, kind=Kind.ADDED)


DIFFERENCE = Difference(
    path=("uses", "mail", "places", "backup"),
    label="place of backup",
    old="Frankfurt, Germany",
    new="Lyon, France",
    effect=Effect.ALTERS,
)
PART = Part(
    sub_processor="Brevo",
    sub_processor_id=BREVO,
    operation=Operation.SET,
    effective_on=FEBRUARY,
)
ITEM = Item(
    id=UUID(int=0),
    number=7,
    kind=Kind.MATERIAL_CHANGE,
    published_at=PUBLISHED,
    reason="Second data centre",
    parts=(replace(PART, differences=(DIFFERENCE,)),),
)


def make_difference(**given: Any) -> Difference:
    return replace(DIFFERENCE, **given)


def make_part(**given: Any) -> Part:
    return replace(PART, **given)


def make_item(*parts: Part, **given: Any) -> Item:
    """Make a change; its id follows its number."""
    item = replace(ITEM, parts=parts or ITEM.parts, **given)
    return replace(item, id=UUID(f"01990000-0000-7000-8000-{item.number:012x}"))


CHANNEL = Channel(
    title="Sub-processors of MIBNtech",
    owner="MIBNtech",
    description="Changes to the sub-processors of MIBNtech",
    public_url="https://register.example",
    path="/feeds/changes.rss",
)
EXAMPLE = (
    make_item(
        make_part(
            operation=Operation.START,
            differences=(make_difference(label="purpose", old=None, new="Newsletters & receipts"),),
        ),
        number=1,
        kind=Kind.ADDED,
    ),
    make_item(
        make_part(operation=Operation.END, effective_on=date(2027, 9, 1)),
        make_part(
            sub_processor="Mailjet",
            sub_processor_id=UUID("01990000-0000-7000-8000-00000000000c"),
            operation=Operation.START,
            effective_on=date(2027, 7, 1),
        ),
        number=2,
        kind=Kind.REPLACED,
        published_at=PUBLISHED + timedelta(days=1),
    ),
    make_item(
        make_part(operation=Operation.WITHDRAW, previously_on=date(2027, 2, 1)),
        number=3,
        kind=Kind.WITHDRAWAL,
        about=ADDITION,
        published_at=PUBLISHED + timedelta(days=2),
    ),
)
