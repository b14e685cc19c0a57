"""HTTP for exports: the published list as a file, in the columns that users know."""

from datetime import date
from typing import Annotated, Any, TypeAlias

from litestar import Controller, Response, get
from litestar.params import FromQuery
from msgspec import Meta

from registry.actions import exports as actions
from registry.clock import Clock
from registry.database import Connection
from registry.formats.exports import FORMATS
from registry.resources.base import Key
from registry.resources.exports import ExportedList
from registry.routes.days import AsOf
from registry.routes.dependencies import Database, TheClock, TheLaw, TheSettings
from registry.settings import Settings
from registry.web.conditional import etag
from registry.web.problems import documented
from transfers.law import Law

ServiceKey: TypeAlias = FromQuery[
    Annotated[Key, Meta(description="The key of one of our services: what is for it or for all of them.")]
    | None
]


class ExportController(Controller):
    """The list to take away; importing it again changes nothing."""

    path = "/v1/exports"
    tags = ("Exports",)

    @get(
        "/sub-processors.csv",
        operation_id="exportCsv",
        summary="Take the list away as CSV",
        media_type="text/csv",
        responses=documented(400),
    )
    async def csv(
        self,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
        service: ServiceKey = None,
    ) -> Response[bytes]:
        """UTF-8 with a byte order mark, one row for each use; what looks like a formula gets an apostrophe."""
        return await _file(db, clock, law, settings, as_of, service, "csv")

    @get(
        "/sub-processors.xlsx",
        operation_id="exportXlsx",
        summary="Take the list away as a spreadsheet",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        responses=documented(400),
    )
    async def xlsx(
        self,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
        service: ServiceKey = None,
    ) -> Response[bytes]:
        """A sheet in which every cell is text, so that nothing is worked out."""
        return await _file(db, clock, law, settings, as_of, service, "xlsx")

    @get(
        "/sub-processors.json",
        operation_id="exportJson",
        summary="Take the list away as JSON",
        media_type="application/json",
        responses=documented(400),
    )
    async def json(
        self,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
        service: ServiceKey = None,
    ) -> Response[ExportedList]:
        """The same rows as objects by heading; `/v1/sub-processors` has more, with ids and verdicts."""
        return await _file(db, clock, law, settings, as_of, service, "json")

    @get(
        "/sub-processors.md",
        operation_id="exportMarkdown",
        summary="Take the list away as Markdown",
        media_type="text/markdown",
        responses=documented(400),
    )
    async def markdown(
        self,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        as_of: AsOf = None,
        service: ServiceKey = None,
    ) -> Response[bytes]:
        """A table to be put into a page or a repository."""
        return await _file(db, clock, law, settings, as_of, service, "md")


async def _file(
    db: Connection,
    clock: Clock,
    law: Law,
    settings: Settings,
    as_of: date | None,
    service: str | None,
    form: str,
) -> Response[Any]:
    day = as_of or clock.today()
    _, content = await actions.export(
        db, form, day=day, law=law, public_url=settings.public_url, service=service
    )
    name = "-".join(filter(None, ("sub-processors", service, day.isoformat())))
    return Response(
        content,
        media_type=FORMATS[form].media_type,
        headers={"ETag": etag(content), "Content-Disposition": f'attachment; filename="{name}.{form}"'},
    )
