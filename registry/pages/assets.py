"""Style sheet and icon: our own files, under names that change with their content."""

import hashlib
from importlib import resources

from litestar import Controller, Response, get
from litestar.params import FromPath
from msgspec import Struct

from registry.errors import NotFoundError

MEDIA_TYPES = {
    "css": "text/css",
    "svg": "image/svg+xml",
}
# A year: the name of a changed file is another one.
IMMUTABLE = "public, max-age=31536000, immutable"


class Asset(Struct, frozen=True):
    """A file with its name on the web, such as ``style.3f9a0c12.css``."""

    name: str
    content: bytes
    media_type: str


def _read() -> dict[str, Asset]:
    found = {}
    for file in resources.files("registry.pages").joinpath("static").iterdir():
        stem, _, suffix = file.name.rpartition(".")
        content = file.read_bytes()
        version = hashlib.sha256(content).hexdigest()[:8]
        found[file.name] = Asset(f"{stem}.{version}.{suffix}", content, MEDIA_TYPES[suffix])
    return found


ASSETS = _read()
_BY_NAME = {asset.name: asset for asset in ASSETS.values()}


def path(file: str) -> str:
    """The path of one of our files, to be linked from a page."""
    return f"/static/{ASSETS[file].name}"


class AssetController(Controller):
    """Our own files; nothing is ever fetched from elsewhere."""

    path = "/static"
    include_in_schema = False

    @get("/{name:str}", operation_id="getStaticFile", media_type="text/plain")
    async def read(self, name: FromPath[str]) -> Response[bytes]:
        """A file that pages link to."""
        asset = _BY_NAME.get(name)
        if asset is None:
            raise NotFoundError(f"There is no file {name!r} here; pages name the current ones.")
        headers = {"Cache-Control": IMMUTABLE, "ETag": f'"{name}"'}
        return Response(asset.content, media_type=asset.media_type, headers=headers)
