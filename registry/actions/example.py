"""The example register: made-up vendors of a processor, with days relative to the day it is loaded.

Every name is invented. It has something for every screen: past, present and planned changes, safeguards
of several kinds, one transfer that nothing covers and one that needs review.
"""

from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from registry.resources.services import ServiceDraft

SERVICES = (
    ServiceDraft(key="payroll", name="MIBN Payroll", description="Salaries and social declarations"),
    ServiceDraft(key="desk", name="MIBN Desk", description="Help desk for citizens and customers"),
    ServiceDraft(key="insight", name="MIBN Insight", description="Reports and dashboards"),
)

OBLIGATIONS = dict.fromkeys(
    (
        "confidentiality",
        "security",
        "sub_processing",
        "assistance",
        "breach_notice",
        "deletion_or_return",
        "audit",
    ),
    True,
)


class Step(Struct, frozen=True, kw_only=True):
    """One change of the example: what, published how many days ago, effective in how many days."""

    kind: str
    reason: str
    published: int
    """When it was published, or drafted, as days from today."""
    parts: tuple[tuple[str, str, int, dict[str, Any]], ...] = ()
    """Vendor key, operation, effective day as days from today, and the patch."""
    about: int | None = None
    """For a withdrawal or postponement: the index of the step that it is about."""
    later: int | None = None
    """For a postponement: the later day, as days from today."""
    draft: bool = False
    """Left unpublished, so that there is something to review."""


def vendors() -> dict[str, dict[str, Any]]:
    """The facts of the vendors' organisations."""
    return {
        "hafenstadt": _vendor("Hafenstadt Cloud GmbH", "DE", "Speicherstraße 4, 20457 Hamburg"),
        "lumiere": _vendor("Lumière Hébergement SAS", "FR", "12 rue des Canuts, 69004 Lyon"),
        "northwind": _vendor(
            "Northwind Metrics, Inc.",
            "US",
            "400 Pine Street, Portland, OR 97204",
            certifications_known=True,
            certifications={"dpf": {"framework": "eu_us_dpf", "hr": False, "valid_from": "2024-02-01"}},
        ),
        "bluepeak": _vendor(
            "Bluepeak Mail LLC", "US", "88 Canyon Road, Boulder, CO 80302", certifications_known=True
        ),
        "tanaka": _vendor(
            "Tanaka Observability K.K.", "JP", "3-8-1 Kasumigaseki, Tokyo", subject_to={"appi": True}
        ),
        "maple": _vendor(
            "Maple Ledger Inc.", "CA", "210 Wellington Street, Ottawa, ON", subject_to={"pipeda": True}
        ),
        "thames": _vendor("Thames Support Ltd", "GB", "9 Cannon Row, London SW1A"),
        "helvetia": _vendor("Helvetia Archiv AG", "CH", "Bundesgasse 20, 3011 Bern"),
        "bengal": _vendor("Bengal Softworks Private Limited", "IN", "Sector V, Salt Lake, Kolkata 700091"),
        "cariri": _vendor(
            "Cariri Dados Ltda.", "BR", "Avenida Beira Mar 900, Fortaleza", subject_to={"lgpd": True}
        ),
        "outback": _vendor("Outback Analytics Pty Ltd", "AU", "5 Mitchell Street, Darwin NT 0800"),
        "worldmesh": _vendor(
            "Worldmesh CDN, Inc.", "US", "1 Relay Plaza, Austin, TX 78701", certifications_known=True
        ),
        "seoul": _vendor("Seoul Speech Co., Ltd.", "KR", "33 Teheran-ro, Gangnam-gu, Seoul"),
        "vieuxport": _vendor("Vieux-Port Courriel SARL", "FR", "2 quai du Port, 13002 Marseille"),
        "vistula": _vendor("Wisła Druk sp. z o.o.", "PL", "ul. Nadbrzeżna 7, 30-002 Kraków"),
    }


def steps(today: date) -> tuple[Step, ...]:
    """The changes in the order of their publication."""
    assessed = (today - timedelta(days=60)).isoformat()
    return (
        Step(
            kind="added",
            reason="First list of our sub-processors",
            published=-420,
            parts=(
                _start(
                    "hafenstadt", -420, "hosting", _use("Hosting of all services", _at("Frankfurt, Germany"))
                ),
                _start("helvetia", -420, "hosting", _use("Long-term archive", _at("Switzerland", "backup"))),
                _start("vieuxport", -420, "tools", _use("Sending of e-mail", _at("France", "processing"))),
                _start(
                    "thames",
                    -420,
                    "support",
                    _use("Second-line support", _at("United Kingdom", "support_access")),
                ),
                _start("vistula", -420, "professional_services", _use("Printing of letters", _at("Poland"))),
                _start("maple", -420, "tools", _use("Invoicing of our clients", _at("Canada", "processing"))),
            ),
        ),
        Step(
            kind="added",
            reason="Monitoring and product analytics",
            published=-300,
            parts=(
                _start("tanaka", -260, "tools", _use("Monitoring of servers", _at("Japan", "logging"))),
                _start(
                    "northwind",
                    -260,
                    "tools",
                    _use("Product analytics", _at("United States", "processing"), services=("insight",)),
                ),
            ),
        ),
        Step(
            kind="replaced",
            reason="Bluepeak Mail takes over the sending of e-mail from Vieux-Port Courriel",
            published=-190,
            parts=(
                (
                    "bluepeak",
                    "start",
                    -150,
                    _terms(
                        "tools",
                        _use("Sending of e-mail", _at("United States", "processing")),
                        safeguards={"clauses": _clauses("MIB-2026-014", assessed)},
                    ),
                ),
                ("vieuxport", "end", -120, {}),
            ),
        ),
        Step(
            kind="added",
            reason="Development and reports",
            published=-110,
            parts=(
                (
                    "bengal",
                    "start",
                    -75,
                    _terms(
                        "maintenance",
                        _use("Maintenance of software", _at("India", "support_access")),
                        safeguards={"clauses": _clauses("MIB-2026-021", assessed)},
                    ),
                ),
                _start("cariri", -75, "tools", _use("Reports in Portuguese", _at("Brazil", "processing"))),
                _start("outback", -75, "tools", _use("Forecasts", _at("Australia", "processing"))),
                _start(
                    "worldmesh",
                    -75,
                    "content_delivery",
                    _use("Delivery of web pages", _at("Worldwide", "content_delivery")),
                ),
            ),
        ),
        Step(
            kind="correction",
            reason="The address of Thames Support was incomplete",
            published=-40,
            parts=(("organisation:thames", "set", -40, {"address": "9 Cannon Row, London SW1A 2JN"}),),
        ),
        Step(
            kind="material_change",
            reason="A second data centre for backups",
            published=-12,
            parts=(
                (
                    "hafenstadt",
                    "set",
                    30,
                    {
                        "uses": {
                            "main": {"places": {"leipzig": {"role": "backup", "text": "Leipzig, Germany"}}}
                        }
                    },
                ),
            ),
        ),
        Step(
            kind="added",
            reason="Transcription of calls to the help desk",
            published=-10,
            parts=(
                _start(
                    "seoul",
                    35,
                    "tools",
                    _use("Transcription of calls", _at("South Korea", "processing"), services=("desk",)),
                ),
            ),
        ),
        Step(
            kind="removed",
            reason="Letters are printed by ourselves from next quarter on",
            published=-8,
            parts=(("vistula", "end", 60, {}),),
        ),
        Step(
            kind="added",
            reason="A second place for archives",
            published=-7,
            parts=(_start("lumiere", 40, "hosting", _use("Second archive", _at("Lyon, France", "backup"))),),
        ),
        Step(kind="postponement", reason="The data centre opens later", published=-4, about=5, later=45),
        Step(kind="withdrawal", reason="The second archive is not needed after all", published=-2, about=8),
        Step(
            kind="material_change",
            reason="Monitoring also covers the help desk's telephones",
            published=0,
            draft=True,
            parts=(
                (
                    "tanaka",
                    "set",
                    40,
                    {
                        "uses": {
                            "telephony": _use(
                                "Monitoring of telephones", _at("Osaka, Japan", "logging"), services=("desk",)
                            )
                        }
                    },
                ),
            ),
        ),
    )


def _vendor(name: str, country: str, address: str, **facts: Any) -> dict[str, Any]:
    return {
        "legal_name": name,
        "country": country,
        "address": address,
        "contacts": {"privacy": {"name": "Data protection officer", "email": "privacy@vendor.example"}},
        **facts,
    }


TYPES = {"hosting": "infrastructure", "support": "support", "content_delivery": "content_delivery_network"}


def _start(vendor: str, day: int, category: str, use: dict[str, Any]) -> tuple[str, str, int, dict[str, Any]]:
    return (vendor, "start", day, _terms(category, use))


def _terms(category: str, use: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {
        "category": category,
        "uses": {"main": {**use, "type": TYPES.get(category, "service_specific")}},
        "obligations": OBLIGATIONS,
        "special_categories": False,
        "agreement": {"status": "incorporated"},
        "notice_days": 30,
        **members,
    }


def _use(purpose: str, *places: dict[str, Any], services: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "services": dict.fromkeys(services, True),
        "data": {"contact": {"text": "Contact details"}, "content": {"text": "Content that clients enter"}},
        "places": {f"place-{number}": place for number, place in enumerate(places, 1)},
    }


def _at(text: str, role: str = "storage") -> dict[str, Any]:
    return {"text": text, "role": role}


def _clauses(reference: str, assessed: str) -> dict[str, Any]:
    """Standard contractual clauses of 2021, module 3 (processor to processor), seen signed."""
    return {
        "tool": {
            "type": "scc",
            "set": "2021/914",
            "module": 3,
            "concluded_on": "2025-11-03",
            "annexes_complete": True,
            "clauses_modified": False,
            "sub_processor_authorisation": {"option": 2, "notice_days": 30, "notice_sent_on": "2025-09-01"},
            "tia": {"outcome": "adequate_with_measures", "completed_on": assessed},
        },
        "reference": reference,
        "evidenced_on": "2025-11-03",
    }
