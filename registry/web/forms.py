"""Forms as browsers send them, on pages alone: the API reads JSON."""

from typing import Any
from urllib.parse import parse_qs

from litestar import Request

from registry.errors import InvalidError

MOST_FIELDS = 1_000
UNREADABLE = "The form cannot be read. Open the page again, and send it from there."


async def read(request: Request[Any, Any, Any]) -> dict[str, list[str]]:
    """The fields with their values, without those that were left empty; line ends are line feeds.

    Of a form in parts (multipart) nothing is read: mail programs send one to unsubscribe, which takes no fields.
    """
    if request.headers.get("content-type", "").startswith("multipart/"):
        return {}
    try:
        text = (await request.body()).decode("ascii")
        found = parse_qs(text, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise InvalidError(UNREADABLE) from error
    return {name: [_tidied(value) for value in values] for name, values in found.items()}


def _tidied(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()
