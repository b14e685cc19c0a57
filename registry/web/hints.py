"""What a handler's type hints say: its body, and what it answers."""

from collections.abc import Callable
from types import FunctionType
from typing import Any, get_args, get_origin, get_type_hints

from litestar import Response
from litestar.handlers import HTTPRouteHandler


def function(handler: HTTPRouteHandler) -> Callable[..., Any]:
    """The function as it was written; Litestar wraps one that runs in a thread."""
    written: Callable[..., Any] = getattr(handler.fn, "func", handler.fn)
    return written


def hints(function: Callable[..., Any]) -> dict[str, Any]:
    """Type hints with their constraints and marks."""
    return get_type_hints(function, include_extras=True)


def body_type(handler: HTTPRouteHandler) -> Any | None:
    """The type of ``data``, with its constraints; ``None`` for a handler without a body.

    A handler that must be fast says the type as ``opt={"body": …}`` and calls ``bodies.decode`` itself;
    a type with constraints is returned by a function there, since Litestar copies what it finds.
    """
    if "body" in handler.opt:
        body = handler.opt["body"]
        return body() if isinstance(body, FunctionType) else body
    return hints(function(handler)).get("data")


def answer_type(handler: HTTPRouteHandler) -> Any:
    """The type of what a handler answers, taken out of ``Response[…]``."""
    hint = hints(function(handler)).get("return")
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Response):
        return get_args(hint)[0]
    return hint
