"""`/links/object/…`: a client objects without an account, or, where its contract asks for it, authorises or refuses.

The page shows what changes for this client, and keeps what was typed.
"""

from collections.abc import Sequence
from http import HTTPStatus

import msgspec
from litestar import Controller, Response, get, post
from litestar.params import FromPath

from registry.actions import authorisations, links, objections
from registry.actions.writing import writing
from registry.database import Connection
from registry.errors import ConflictError
from registry.pages import private
from registry.resources.authorisations import Authorisation, DecisionState
from registry.resources.base import LongText
from registry.resources.links import LinkPurpose
from registry.resources.notices import AuthorisationKind, StoredNotice
from registry.routes.dependencies import AnyRequest, Database, TheClock, TheSettings
from registry.rules import news
from registry.rules import objections as rules
from registry.rules.letters import OUTCOMES
from registry.rules.views import as_told, public_view
from registry.settings import Settings
from registry.store import changes as change_store
from registry.web import forms
from registry.web.bodies import explain
from registry.web.gate import FORMS

FIELD = "reason"
DECISION = "decision"
"""Which of the buttons was pressed, where there are two."""


class ObjectingController(Controller):
    """To object to a change."""

    path = "/links/object"
    include_in_schema = False
    exception_handlers = private.ERROR_PAGES

    @get("/{token:str}", operation_id="getObjectPage", media_type="text/html")
    async def read(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        settings: TheSettings,
        token: FromPath[str],
    ) -> Response[str]:
        """What changes from what to what, until when, and a field for the reason; or the objection that stands."""
        notice = await objections.find_notice(db, *(await objections.concerned(db, token, clock.now())))
        return await _page(request, db, settings, notice, refused=rules.refusal(notice, clock.today()))

    @post(
        "/{token:str}",
        operation_id="objectByLink",
        media_type="text/html",
        status_code=200,
        opt={"media_types": FORMS[:1]},
    )
    async def make(
        self,
        request: AnyRequest,
        db: Database,
        clock: TheClock,
        settings: TheSettings,
        token: FromPath[str],
    ) -> Response[str]:
        """The receipt; sent twice, the receipt of the first. A client that authorises is told what it decided."""
        key = await objections.concerned(db, token, clock.now())
        link = await links.find(db, token, LinkPurpose.OBJECT, clock.now())
        form = await forms.read(request)
        reason = "".join(form.get(FIELD, [])[:1])
        refused = None
        decision = _decision(form.get(DECISION, []))
        if decision is not None and await authorisations.of_change(db, *key):
            fault = _fault(reason) if reason else None
            if fault is None:
                async with writing(db, links.bearer(link), clock) as w:
                    await authorisations.decide_by_link(w, token, decision, reason or None)
                reason = ""
            notice = await objections.find_notice(db, *key)
            return await _page(request, db, settings, notice, typed=reason, fault=fault)
        if await objections.standing(db, await objections.find_notice(db, *key)) is None:
            fault = _fault(reason)
            if fault is not None:
                notice = await objections.find_notice(db, *key)
                return await _page(request, db, settings, notice, typed=reason, fault=fault)
            try:
                async with writing(db, links.bearer(link), clock) as w:
                    await objections.make_by_link(w, token, reason)
            except ConflictError as error:
                refused = error.detail
        notice = await objections.find_notice(db, *key)
        return await _page(request, db, settings, notice, typed=reason, refused=refused)


def _decision(pressed: Sequence[str]) -> DecisionState | None:
    """What the button says; None for the one that objects."""
    known = {each.value: each for each in DecisionState}
    return known.get(pressed[0]) if pressed else None


def _fault(reason: str) -> str | None:
    """What is wrong with the text, in words."""
    if not reason:
        return "Write why you object: it is what we answer."
    try:
        msgspec.convert(reason, LongText)
    except msgspec.ValidationError as error:
        return f"This text cannot be taken: {explain(str(error)).message}."
    return None


async def _page(
    request: AnyRequest,
    db: Connection,
    settings: Settings,
    notice: StoredNotice,
    *,
    typed: str = "",
    fault: str | None = None,
    refused: str | None = None,
) -> Response[str]:
    """The page as the notice stands: with the receipt, with why it cannot be, or with the form."""
    row = await change_store.get(db, notice.change_id)
    change = as_told(public_view(row, settings.public_url), notice.news)
    receipt = await objections.standing(db, notice)
    decided = None if receipt is not None else await objections.decided(db, notice)
    asked = await _asked(db, notice) if receipt is None and decided is None else ()
    status = HTTPStatus.OK
    if fault is not None:
        status = HTTPStatus.BAD_REQUEST
    elif typed and receipt is None:
        status = HTTPStatus.CONFLICT
    said = _said(asked)
    said_at = said.decided_at if said else None
    return await private.page(
        request,
        db,
        "object.html",
        status,
        change=change,
        item=news.item(change),
        with_page=(),
        receipt=receipt,
        decided=decided,
        outcome=OUTCOMES.get("gone_on" if decided.decision else decided.state) if decided else None,
        refused=refused if receipt is None and not asked else None,
        asked=asked,
        said=said,
        said_on=said_at.astimezone(settings.time_zone).date() if said_at else None,
        fault=fault,
        typed=typed,
        until=notice.objection_until,
        specific=notice.authorisation is AuthorisationKind.SPECIFIC,
        emergency=change.emergency,
    )


async def _asked(db: Connection, notice: StoredNotice) -> Sequence[Authorisation]:
    """What the client authorises itself in this change: that it may do late, and otherwise than before."""
    if notice.authorisation is not AuthorisationKind.SPECIFIC:
        return ()
    return await authorisations.of_change(db, notice.change_id, notice.client_id)


def _said(asked: Sequence[Authorisation]) -> Authorisation | None:
    """The decision about all of the change, where it is one."""
    undecided = len({one.state for one in asked}) != 1 or asked[0].decided_at is None
    return None if undecided else asked[0]
