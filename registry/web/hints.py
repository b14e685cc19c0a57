"""What a handler's type hints say: its body, and what it answers."""

from typing import Any, get_args, get_origin, get_type_hints

from litestar import Response
from litestar.handlers import HTTPRouteHandler


def body_type(handler: HTTPRouteHandler) -> Any | None:
    """The type of ``data``, with its constraints; ``None`` for a handler without a body."""
    return get_type_hints(handler.fn, include_extras=True).get("data")


def answer_type(handler: HTTPRouteHandler) -> Any:
    """The type of what a handler answers, taken out of ``Response[…]``."""
    hint = get_type_hints(handler.fn, include_extras=True).get("return")
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Response):
        return get_args(hint)[0]
    return hint
