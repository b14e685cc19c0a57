"""HTTP for transfers: derived from the terms of a day and judged when asked for."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery

from registry.actions import transfers as actions
from registry.resources.places import CountryCode
from registry.resources.timelines import TransferTimeline
from registry.resources.transfers import SafeguardRecord, Transfer, TransferDetail
from registry.routes import countries
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheClock, TheLaw
from registry.rules.transfers import detailed, listed, touches
from registry.web.conditional import etag
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented
from transfers.vocabulary import Verdict


class TransferController(Controller):
    """Every transfer that the list of a day implies, with its verdict."""

    path = "/v1/transfers"
    tags = ("Transfers",)

    @get(operation_id="listTransfers", summary="List the transfers of a day")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        as_of: AsOf = None,
        sub_processor_id: FromQuery[UUID | None] = None,
        country: FromQuery[CountryCode | None] = None,
        verdict: FromQuery[list[Verdict] | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Transfer]]:
        """`country` also finds the groups (EU, EEA) that it is a member of on the day."""
        begin = position(cursor, UUID)
        day = as_of or clock.today()
        wanted = countries.asked(country) if country is not None else None
        number, found = await actions.judged(db, day=day, law=law, known=begin.number if begin else None)
        matching = [
            one
            for one in found
            if (sub_processor_id is None or one.hop.sub_processor_id == sub_processor_id)
            and (wanted is None or touches(one, wanted))
            and (not verdict or one.verdict in verdict)
            and (begin is None or one.hop.id > begin.after)
        ]
        shown = [listed(one) for one in matching[:limit]]
        after = shown[-1].id if len(matching) > limit else None
        return page(request, shown, after=after, number=number, pins={"as_of": day.isoformat()})

    @get(
        "/{transfer_id:uuid}",
        operation_id="getTransfer",
        summary="Read one transfer on a day",
        responses=documented(404),
    )
    async def read(
        self,
        transfer_id: FromPath[UUID],
        db: Database,
        clock: TheClock,
        law: TheLaw,
        as_of: AsOf = None,
    ) -> Response[TransferDetail]:
        """With its findings, every fact with its source, and every missing one with what to ask."""
        day = as_of or clock.today()
        number, found = await actions.one(db, transfer_id, day=day, law=law)
        return Response(detailed(found), headers={"ETag": etag(transfer_id, number, day, law.edition)})

    @get(
        "/{transfer_id:uuid}/timeline",
        operation_id="getTransferTimeline",
        summary="Read every verdict on one transfer, past and to come",
        responses=documented(404),
    )
    async def timeline(
        self, transfer_id: FromPath[UUID], db: Database, law: TheLaw
    ) -> Response[TransferTimeline]:
        """The periods of its terms by the turning days of the law: each interval with what turned it."""
        number, found = await actions.timeline(db, transfer_id, law=law)
        return Response(found, headers={"ETag": etag(transfer_id, "timeline", number, law.edition)})


class SafeguardController(Controller):
    """The instruments that transfers rely on."""

    path = "/v1/safeguards"
    tags = ("Safeguards",)

    @get(operation_id="listSafeguards", summary="List the safeguards on record on a day")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        as_of: AsOf = None,
        sub_processor_id: FromQuery[UUID | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[SafeguardRecord]]:
        """Claimed, evidenced or expired; a change to a sub-processor's terms adds, alters or ends one."""
        begin = position(cursor, UUID)
        day = as_of or clock.today()
        number, found = await actions.safeguards(db, day=day, known=begin.number if begin else None)
        matching = [
            record
            for record in found
            if (sub_processor_id is None or record.sub_processor_id == sub_processor_id)
            and (begin is None or record.id > begin.after)
        ]
        shown = matching[:limit]
        after = shown[-1].id if len(matching) > limit else None
        return page(request, shown, after=after, number=number, pins={"as_of": day.isoformat()})
