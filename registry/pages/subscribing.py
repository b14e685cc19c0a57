"""`/subscribe`: news by mail for anybody.

The page says the same for every address, and a link in a mail confirms it.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import msgspec
from litestar import Controller, Response, get, post

from registry.actions import subscriptions as actions
from registry.actions.writing import writing
from registry.database import Connection
from registry.errors import ConflictError, InvalidError
from registry.pages import following, private
from registry.resources.changes import ChangeKind
from registry.resources.subscriptions import SubscriptionDraft
from registry.resources.terms import Category
from registry.routes.dependencies import AnyRequest, Database, TheActor, TheClock, TheSettings
from registry.routes.subscriptions import REQUESTED
from registry.settings import Settings
from registry.store import services
from registry.web import forms
from registry.web.bodies import explain
from registry.web.gate import FORMS

FILTERS = {"service": "services", "category": "categories", "kind": "kinds", "country": "countries"}
"""The fields of the form, and the members of a subscription that they are."""
NO_MAIL = "This register sends no mail. Follow the changes in a feed instead."


class SubscribingController(Controller):
    """To ask for news by mail."""

    path = "/subscribe"
    include_in_schema = False
    exception_handlers = private.ERROR_PAGES

    @get(operation_id="getSubscribePage", media_type="text/html")
    async def read(self, request: AnyRequest, db: Database, settings: TheSettings) -> Response[str]:
        """An address, and of what; nothing is chosen: everything."""
        return await _page(request, db, settings, {})

    @post(
        operation_id="subscribeByPage",
        media_type="text/html",
        status_code=200,
        opt={"media_types": FORMS[:1]},
    )
    async def subscribe(
        self, request: AnyRequest, db: Database, actor: TheActor, clock: TheClock, settings: TheSettings
    ) -> Response[str]:
        """A mail with a link goes out, whatever is known of the address here."""
        if settings.smtp is None:
            raise ConflictError(NO_MAIL)
        given = await forms.read(request)
        try:
            draft = _draft(given)
            address = await actions.require_fitting(db, draft)
        except InvalidError as error:
            return await _page(request, db, settings, given, fault=error.detail)
        async with writing(db, actor, clock) as w:
            await actions.request_news(w, draft, address or "")
        return await private.page(request, db, "subscribed.html", message=REQUESTED)


def _draft(given: Mapping[str, Sequence[str]]) -> SubscriptionDraft:
    """What the form asks for; ``InvalidError`` says what is wrong with it."""
    asked = {member: list(given.get(field, ())) for field, member in FILTERS.items()}
    address = "".join(given.get("address", ())[:1])
    try:
        return msgspec.convert({**asked, "address": address or None}, SubscriptionDraft)
    except msgspec.ValidationError as error:
        fault = explain(str(error))
        raise InvalidError(f"{fault.member}: {fault.message}.", [fault]) from error


async def _page(
    request: AnyRequest,
    db: Connection,
    settings: Settings,
    given: Mapping[str, Sequence[str]],
    fault: str | None = None,
) -> Response[str]:
    """The form, with what was given."""
    offered = await services.everything(db)
    return await private.page(
        request,
        db,
        "subscribe.html",
        HTTPStatus.OK if fault is None else HTTPStatus.BAD_REQUEST,
        able=settings.smtp is not None,
        no_mail=NO_MAIL,
        fault=fault,
        address="".join(given.get("address", ())[:1]),
        chosen={field: set(given.get(field, ())) for field in FILTERS},
        choices=[
            ("service", "Services", [(each.key, each.name) for each in offered]),
            ("kind", "Kinds of change", following.options(ChangeKind)),
            ("category", "Categories of sub-processors", following.options(Category)),
        ],
        countries=following.countries_by_name(),
    )
