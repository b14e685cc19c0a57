"""HTTP for attention: what somebody must look at, the most urgent first."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated

from litestar import Controller, Response, get
from litestar.params import FromQuery
from msgspec import Meta

from registry.actions import attention as actions
from registry.errors import Fault, InvalidError, Source
from registry.resources.attention import AttentionItem, Noun, Urgency
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheLaw, TheSettings
from registry.rules.attention import codes
from registry.web.pages import DEFAULT_LIMIT, CursorText, Limit, Page, page, position
from registry.web.rights import TELLERS

DEFAULT_DAYS = 180
Days = Annotated[
    int, Meta(ge=0, le=3_660, description="How many days ahead to look for what ends; 180 if left out.")
]
Code = Annotated[str, Meta(pattern="^[a-z_]{3,60}$", max_length=60, description="Only items of these codes.")]

OF_CHANNELS = (Noun.SUBSCRIPTION, Noun.DELIVERY)
"""What may hold an address of a client."""


class AttentionController(Controller):
    """What needs attention."""

    path = "/v1/attention"
    tags = ("Attention",)

    @get(operation_id="listAttention", summary="List what needs attention")
    async def list_all(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        law: TheLaw,
        settings: TheSettings,
        actor: TheActor,
        days: FromQuery[Days] = DEFAULT_DAYS,
        code: FromQuery[list[Code] | None] = None,
        urgency: FromQuery[list[Urgency] | None] = None,
        limit: FromQuery[Limit] = DEFAULT_LIMIT,
        cursor: FromQuery[CursorText | None] = None,
    ) -> Response[Page[AttentionItem]]:
        """What is uncovered, in doubt, lapsing, unproven, overdue or accepted against a check, by urgency.

        Each item says since when or until when, and what to do. It is of today: what is mended is gone.
        Channels are shown to those who may see addresses.
        """
        _require_known(code or ())
        begin = position(cursor, int)
        setting = actions.Setting(
            law=law,
            notice_days=settings.notice_days,
            time_zone=settings.time_zone,
            within=timedelta(days=days),
        )
        number, found = await actions.items(db, clock, setting, begin.number if begin else None)
        hidden = () if actor.role in TELLERS else OF_CHANNELS
        matching = [
            item
            for item in found
            if item.noun not in hidden
            and (not code or item.code in code)
            and (not urgency or item.urgency in urgency)
        ]
        start = max(begin.after, 0) if begin else 0
        after = start + limit if len(matching) > start + limit else None
        return page(
            request, matching[start : start + limit], after=after, number=number, pins={"days": str(days)}
        )


def _require_known(asked: Iterable[str]) -> None:
    faults = [
        Fault(message=f"{said}.", member="code", source=Source.QUERY)
        for said in map(codes.unknown, asked)
        if said is not None
    ]
    if faults:
        raise InvalidError(f"code: {faults[0].message}", faults)
