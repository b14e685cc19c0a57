"""HTTP for transfers: derived from the terms of a day and judged when asked for."""

from uuid import UUID

from litestar import Controller, Response, get
from litestar.params import FromPath, FromQuery
from msgspec.structs import replace

from registry.actions import client_transfers
from registry.actions import transfers as actions
from registry.errors import no_client
from registry.resources.actors import Actor
from registry.resources.places import CountryCode
from registry.resources.timelines import TransferTimeline
from registry.resources.transfers import SafeguardRecord, Transfer, TransferDetail
from registry.routes import countries
from registry.routes.days import AsOf
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.rules.transfers import detailed, listed, touches
from registry.web.conditional import etag
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.problems import documented
from transfers.vocabulary import Verdict


class TransferController(Controller):
    """Every transfer that the list of a day implies, with its verdict."""

    path = "/v1/transfers"
    tags = ("Transfers",)

    @get(operation_id="listTransfers", summary="List the transfers of a day", responses=documented(404))
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        actor: TheActor,
        as_of: AsOf = None,
        client: FromQuery[UUID | None] = None,
        sub_processor_id: FromQuery[UUID | None] = None,
        country: FromQuery[CountryCode | None] = None,
        verdict: FromQuery[list[Verdict] | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[Transfer]]:
        """`country` also finds the groups (EU, EEA) that it is a member of on the day.

        Those under the rules that bind us; with `client` those of that client's data, as they bind it, under the
        rules that come with them too, and its own transfers to us. A key that is bound to a client lists those of its
        client. Between two pages of a client's the register may have moved on.
        """
        begin = position(cursor, UUID)
        day = as_of or clock.today()
        wanted = countries.asked(country) if country is not None else None
        whose = _client(actor, client)
        if whose is not None:
            async with db.transaction(isolation="repeatable_read", readonly=True):
                number, found = await client_transfers.judged(
                    db, whose, day=day, law=law, public_url=settings.public_url
                )
        else:
            number, found = await actions.judged(db, day=day, law=law, known=begin.number if begin else None)
        matching = [
            one
            for one in found
            if (sub_processor_id is None or one.hop.sub_processor_id == sub_processor_id)
            and (wanted is None or touches(one, wanted))
            and (not verdict or one.verdict in verdict)
            and (begin is None or one.hop.id > begin.after)
        ]
        shown = [replace(listed(one), client_id=whose) for one in matching[:limit]]
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
        settings: TheSettings,
        actor: TheActor,
        as_of: AsOf = None,
        client: FromQuery[UUID | None] = None,
    ) -> Response[TransferDetail]:
        """With its findings, every fact with its source, and every missing one with what to ask.

        Of the rules that come with clients' data it is the transfer of `client`, or else of the first client that
        has it; `client_id` says whose. A key that is bound to a client finds its client's alone.
        """
        day = as_of or clock.today()
        number, found, whose = await actions.one(
            db,
            transfer_id,
            day=day,
            law=law,
            public_url=settings.public_url,
            client_id=_client(actor, client),
        )
        tag = etag(transfer_id, number, day, law.edition, whose)
        return Response(replace(detailed(found), client_id=whose), headers={"ETag": tag})

    @get(
        "/{transfer_id:uuid}/timeline",
        operation_id="getTransferTimeline",
        summary="Read every verdict on one transfer, past and to come",
        responses=documented(404),
    )
    async def timeline(
        self,
        transfer_id: FromPath[UUID],
        db: Database,
        law: TheLaw,
        actor: TheActor,
        client: FromQuery[UUID | None] = None,
    ) -> Response[TransferTimeline]:
        """The periods of its terms by the turning days of the law: each interval with what turned it.

        Clients' own are found as for one day.
        """
        whose = _client(actor, client)
        number, found = await actions.timeline(db, transfer_id, law=law, client_id=whose)
        tag = etag(transfer_id, "timeline", number, law.edition, found.client_id)
        return Response(found, headers={"ETag": tag})


def _client(actor: Actor, asked: UUID | None) -> UUID | None:
    """Whose transfers are meant: to a key that is bound to a client, another one is not there."""
    if actor.client_id is not None and asked not in {None, actor.client_id}:
        raise no_client(asked)
    return actor.client_id or asked


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
