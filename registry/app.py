"""The composition root: everything put together into one ASGI app."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import TypeAlias

from litestar import Litestar
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.types import ControllerRouterHandler

import transfers
from registry.actions.news import Scopes
from registry.clock import Clock
from registry.database import Pool, open_pool
from registry.pages.assets import AssetController
from registry.pages.calendars import CalendarController
from registry.pages.changes import ChangePageController
from registry.pages.docs import DocsController
from registry.pages.feeds import FeedController
from registry.pages.following import FollowingController
from registry.pages.links import LinkController
from registry.pages.lists import ListController
from registry.pages.objecting import ObjectingController
from registry.pages.own_feeds import OwnFeedController
from registry.pages.sub_processors import SubProcessorPageController
from registry.pages.subscribing import SubscribingController
from registry.pages.visits import nothing_there
from registry.routes.access_keys import AccessKeyController
from registry.routes.assessments import AssessmentController
from registry.routes.attention import AttentionController
from registry.routes.authorisations import AuthorisationController, OptionController
from registry.routes.changes import ChangeController
from registry.routes.client_lists import ClientListController
from registry.routes.clients import ClientController
from registry.routes.contract import ContractController
from registry.routes.deliveries import DeliveryController
from registry.routes.dependencies import PROVIDERS
from registry.routes.exports import ExportController
from registry.routes.health import HealthController
from registry.routes.imports import ImportController
from registry.routes.instructions import InstructionController
from registry.routes.journal import JournalController
from registry.routes.law import LawController
from registry.routes.me import MeController
from registry.routes.notices import NoticeController
from registry.routes.objections import ObjectionController
from registry.routes.organisations import OrganisationController
from registry.routes.places import PlaceController
from registry.routes.services import ServiceController
from registry.routes.simulations import SimulationController
from registry.routes.sub_processors import SubProcessorController
from registry.routes.subscriptions import SubscriptionController
from registry.routes.transfers import SafeguardController, TransferController
from registry.routes.watches import WatchController
from registry.settings import Settings
from registry.web import contract
from registry.web.bodies import BodyRequest
from registry.web.gate import admit, lay_plans
from registry.web.gateway import Gateway
from registry.web.keyring import Keyring
from registry.web.problems import answer
from registry.web.ready import Shelf

CONTROLLERS: list[ControllerRouterHandler] = [
    # The API.
    AccessKeyController,
    AssessmentController,
    AttentionController,
    AuthorisationController,
    ChangeController,
    ClientController,
    ClientListController,
    DeliveryController,
    ExportController,
    HealthController,
    ImportController,
    InstructionController,
    JournalController,
    LawController,
    MeController,
    OptionController,
    NoticeController,
    ObjectionController,
    OrganisationController,
    PlaceController,
    SafeguardController,
    ServiceController,
    SimulationController,
    SubProcessorController,
    SubscriptionController,
    TransferController,
    WatchController,
    # Pages and feeds.
    AssetController,
    CalendarController,
    ChangePageController,
    ContractController,
    DocsController,
    FeedController,
    FollowingController,
    LinkController,
    ListController,
    ObjectingController,
    OwnFeedController,
    SubProcessorPageController,
    SubscribingController,
]


Beside: TypeAlias = Callable[[Litestar], AbstractAsyncContextManager[None]]
"""What runs beside the app in one process, from when its pool is open until before it is closed."""


def create_app(settings: Settings, pool: Pool | None = None, beside: Sequence[Beside] = ()) -> Litestar:
    """Build the app; without a pool it opens one on ``settings.database_url`` when it starts."""
    clock = Clock(settings)
    keyring = Keyring(clock)
    law = transfers.load_law(settings.law_files, clock.today())
    shelf = Shelf()

    @asynccontextmanager
    async def database(app: Litestar) -> AsyncIterator[None]:
        """Keep a pool open while the app runs; one that was handed in belongs to its owner."""
        if pool is not None:
            app.state.pool = keyring.pool = pool
            yield
            return
        if settings.database_url is None:
            raise RuntimeError("There is no database: start with `onward serve`, or set DATABASE_URL.")
        async with await open_pool(settings.database_url) as opened:
            app.state.pool = keyring.pool = opened
            yield

    app = Litestar(
        CONTROLLERS,
        before_request=admit,
        dependencies=PROVIDERS,
        exception_handlers={Exception: answer, NotFoundException: nothing_there},
        lifespan=[database, *beside],
        logging_config=None,
        openapi_config=None,
        request_class=BodyRequest,
        request_max_body_size=settings.max_body_bytes,
        state=State(
            {
                "settings": settings,
                "clock": clock,
                "keyring": keyring,
                "law": law,
                "shelf": shelf,
                "scopes": Scopes(law),
                "pool": pool,
            }
        ),
    )
    keyring.pool = pool
    lay_plans(app)
    app.state.contract = _contract_of(app)
    app.asgi_handler = Gateway(app, shelf)
    return app


def _contract_of(app: Litestar) -> Callable[[], bytes]:
    """The contract is made when first asked for: it takes longer than to start."""

    @cache
    def made() -> bytes:
        return contract.render(contract.build(app))

    return made
