"""HTML from templates: one environment, in which every text is escaped and a misspelt name is an error."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from msgspec import Struct

from feeds import wording
from feeds.channel import MEDIA_TYPES, NAMES, Form
from registry.pages import assets, words
from registry.settings import Settings
from registry.store.register import Register

MEDIA_TYPE = "text/html"
CALENDAR_PATH = "/feeds/deadlines.ics"


class Alternate(Struct, frozen=True):
    """One form in which the news is followed: its name, media type and path."""

    name: str
    media_type: str
    path: str


FEEDS = tuple(Alternate(NAMES[form], MEDIA_TYPES[form], f"/feeds/changes.{form}") for form in Form)
CALENDAR = Alternate("Calendar", "text/calendar", CALENDAR_PATH)

_environment = Environment(
    loader=PackageLoader("registry.pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    day=wording.day,
    short_day=words.short_day,
    kind=wording.kind,
    title=wording.title,
    blocks=wording.blocks,
    word=words.word,
    capital=words.capital,
    country=words.country,
)
_environment.tests.update(web=words.is_web)


class Site:
    """What every page needs to know: where it stands, and whose register it shows.

    Links on pages begin with the path of ``ONWARD_PUBLIC_URL`` only, so that a page works under every
    name that the service is reached by; what is copied away from a page has the whole address.
    """

    def __init__(self, settings: Settings, register: Register) -> None:
        self._always = {
            "base": urlsplit(settings.public_url).path,
            "public_url": settings.public_url,
            "feeds": FEEDS,
            "calendar": CALENDAR,
            "register": register,
            "by_mail": settings.smtp is not None,
        }
        self.link = ", ".join(
            f'<{settings.public_url}{each.path}>; rel="alternate"; type="{each.media_type}"'
            for each in (*FEEDS, CALENDAR)
        )

    def page(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **given: Any) -> Response[str]:
        """Answer a page, with the addresses of the feeds beside it (RFC 8288)."""
        return Response(
            self.render(template, **given),
            status_code=status,
            media_type=MEDIA_TYPE,
            headers={"Link": self.link},
        )

    def render(self, template: str, **given: Any) -> str:
        """Fill in a template."""
        base = self._always["base"]
        return _environment.get_template(template).render(
            **self._always, **given, static=lambda file: f"{base}{assets.path(file)}"
        )
