"""HTML from templates: one environment, in which every text is escaped and a misspelt name is an error."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response

from feeds import wording
from registry.pages import assets, words
from registry.settings import Settings
from registry.store.register import Register

FEED_PATH = "/feeds/changes.rss"
MEDIA_TYPE = "text/html"

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
            "feed_url": settings.public_url + FEED_PATH,
            "register": register,
        }
        self.link = f'<{settings.public_url}{FEED_PATH}>; rel="alternate"; type="application/rss+xml"'

    def page(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **given: Any) -> Response[str]:
        """Answer a page, with the address of the feed beside it (RFC 8288)."""
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
