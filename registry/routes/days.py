"""The day asked about, on every read."""

from datetime import date
from typing import Annotated, TypeAlias

from litestar.params import FromQuery
from msgspec import Meta

AsOf: TypeAlias = FromQuery[
    Annotated[
        date | None,
        Meta(
            description="The day asked about, past or future; today in the register's time zone if left out."
        ),
    ]
]
