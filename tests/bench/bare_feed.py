"""The yardstick of feeds: a bare ASGI handler that sends the same headers and bytes from memory, to whoever asks."""

import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["BENCH_FEED"])
BODY = (FOLDER / "feed.rss").read_bytes()


def _start(status: int) -> dict[str, Any]:
    headers = json.loads((FOLDER / f"{status}.json").read_text())
    pairs = [(name.encode(), value.encode()) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": pairs}


WHOLE, SAME = _start(200), _start(304)


async def application(
    scope: dict[str, Any], _receive: object, send: Callable[[Any], Awaitable[None]]
) -> None:
    """Look at nothing but the path."""
    if scope["type"] != "http":
        return
    same = scope["path"] == "/304"
    await send(SAME if same else WHOLE)
    await send({"type": "http.response.body", "body": b"" if same else BODY, "more_body": False})
