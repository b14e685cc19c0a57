"""The published list as JSON, by the headings that users know."""

from datetime import date

from msgspec import Struct

COLUMNS = (
    "Entity name",
    "Product or service",
    "Purpose of processing",
    "Categories of data",
    "Location of processing",
    "Corporate location",
    "Transfer mechanism",
    "Type",
    "Optional",
    "Added on",
    "Effective from",
    "DPA",
    "Their sub-processors",
    "Contact",
)
"""The headings of a published list, in the order that users know."""


class ExportedList(Struct, frozen=True, kw_only=True):
    """The list of a day; `/v1/sub-processors` has more of it."""

    title: str
    as_of: date
    change_number: int
    """The number of the change up to which it is true."""
    sub_processors: list[dict[str, str | list[str] | None]]
    """A use each, by heading; several texts of a cell are a list."""
