"""Terms: what a sub-processor does for us in a period, as one document that changes patch.

Every collection is an object under permanent keys, so that a merge patch (RFC 7396) adds or removes
one use or one place by itself.
"""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from registry.resources.base import Day, Key, LongText, Request, Text, Url
from registry.resources.organisations import Contact
from registry.resources.places import Place
from transfers.safeguards import Safeguard as Tool
from transfers.vocabulary import Purpose


class Category(StrEnum):
    """The categories that the data processing agreement promises to name on request."""

    HOSTING = "hosting"
    MAINTENANCE = "maintenance"
    SUPPORT = "support"
    TOOLS = "tools"
    PROFESSIONAL_SERVICES = "professional_services"
    CONTENT_DELIVERY = "content_delivery"
    AFFILIATE = "affiliate"


class UseType(StrEnum):
    """The types that published lists use."""

    INFRASTRUCTURE = "infrastructure"
    SERVICE_SPECIFIC = "service_specific"
    CONTENT_DELIVERY_NETWORK = "content_delivery_network"
    SUPPORT = "support"
    AFFILIATE = "affiliate"


class Obligation(StrEnum):
    """What our own agreement promises and Article 28(4) GDPR makes us pass on."""

    CONFIDENTIALITY = "confidentiality"
    SECURITY = "security"
    SUB_PROCESSING = "sub_processing"
    ASSISTANCE = "assistance"
    BREACH_NOTICE = "breach_notice"
    DELETION_OR_RETURN = "deletion_or_return"
    AUDIT = "audit"


class DataCategory(Request, frozen=True, kw_only=True):
    """A kind of personal data in a use, with what the law asks about it."""

    text: Text
    hr: bool = False
    special_categories: bool = False
    """Article 9 GDPR."""
    credit: bool = False
    """Personal credit information; outside the decision for Korea for some recipients."""
    immigration_control: bool = False
    """Data that fall under an exemption for immigration control; outside the decision for the UK for a time."""


class Use(Request, frozen=True, kw_only=True):
    """One purpose with its services, data, type and places."""

    purpose: Text
    services: dict[Key, Literal[True]] = {}
    """Keys of services; empty: all of them."""
    data: dict[Key, DataCategory] = {}
    type: UseType | None = None
    optional: bool = False
    """Off unless a client switches it on."""
    purpose_code: Purpose | None = None
    """A purpose that a decision's scope turns on, where it is one of these."""
    automated_processing: bool = True
    """The data are sent or processed further by automated means, as the decision for Israel asks."""
    places: Annotated[dict[Key, Place], Meta(min_length=1)]


class Safeguard(Request, frozen=True, kw_only=True):
    """A concrete instrument: a contract, rules, a certificate, with parties, dates and evidence."""

    tool: Tool
    parties: dict[UUID, Literal[True]] = {}
    """Organisations bound by it besides the sub-processor, such as the operator of a place."""
    position: Annotated[int, Meta(ge=1, le=100)] = 1
    """The order in which the instruments are relied on."""
    reference: Text | None = None
    """Where the document is kept."""
    evidenced_on: Day | None = None
    """The day on which somebody saw the signed document; absent: claimed, not evidenced."""


class Agreement(Request, frozen=True, kw_only=True):
    """The data processing agreement with the sub-processor (Article 28(4) GDPR)."""

    status: Literal["incorporated", "action_required", "unknown"] = "unknown"
    url: Url | None = None
    concluded_on: Day | None = None


class Terms(Request, frozen=True, kw_only=True):
    """What a sub-processor does for us, on which conditions, in one period."""

    category: Category | None = None
    product: Text | None = None
    summary: LongText | None = None
    uses: Annotated[dict[Key, Use], Meta(min_length=1)]
    safeguards: Annotated[dict[Key, Safeguard], Meta(max_length=50)] = {}
    obligations: dict[Obligation, Literal[True]] = {}
    """The obligations passed on to the sub-processor."""
    agreement: Agreement | None = None
    special_categories: bool | None = None
    """Whether special categories of data are involved; absent: nobody has said."""
    contacts: dict[Key, Contact] = {}
    links: dict[Key, Url] = {}
    sub_processors_url: Url | None = None
    """Where the sub-processor publishes its own sub-processors."""
    notice_days: Annotated[int, Meta(ge=0, le=365)] | None = None
    """The days of notice that the sub-processor gives us of its own changes."""
    engaged_by: dict[UUID, Literal[True]] = {}
    """The organisations that engage it; empty: the register's own company, the first of our entities."""
