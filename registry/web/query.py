"""Query parameters: read strictly from the handler's own type hints.

Litestar ignores parameters it does not know, takes the last of a repeated one, and
drops msgspec's ``Meta`` from ``FromQuery[...]``. Here the same annotation that stands in the
contract is the one that is checked, before the handler runs.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from inspect import signature
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Meta, Struct

from registry.errors import Fault, InvalidError, Source
from registry.resources.base import check_day
from registry.web import hints
from registry.web.bodies import explain

MAX_FIELDS = 100
LINES = "lines"
"""In the ``extra`` of a parameter's ``Meta``: its text may have several lines."""
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
_LINE_ENDS = re.compile("[\t\n\r]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]+", re.ASCII)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})", re.ASCII)


class Parameter(Struct, frozen=True):
    """One query parameter that a handler declares."""

    name: str
    hint: Any
    required: bool
    default: Any
    repeatable: bool
    form: re.Pattern[str] | None
    lines: bool
    """Whether the text may have several lines: tabs and line ends are no control characters then."""

    def check(self, values: list[str]) -> Fault | None:
        """Find what is wrong with the values that came under this name."""
        if len(values) > 1 and not self.repeatable:
            return self._fault("it is given more than once; give it once")
        for value in values:
            if _UNFIT.search(_LINE_ENDS.sub("", value) if self.lines else value):
                return self._fault("it holds control characters or bytes that are not UTF-8")
            if self.form and not self.form.fullmatch(value):
                return self._fault(f"{value!r} is not {FORM_WORDS[self.form]}")
        try:
            value = msgspec.convert(values if self.repeatable else values[0], self.hint, strict=False)
            check_day(self.name, value)
        except msgspec.ValidationError as error:
            return self._fault(explain(str(error)).message)
        except ValueError as error:
            return self._fault(explain(str(error)).message)
        return None

    def _fault(self, message: str) -> Fault:
        return Fault(message=message, member=self.name, source=Source.QUERY)


FORM_WORDS = {
    _WHOLE: "a whole number",
    _DAY: "a day such as 2026-11-24",
    _MOMENT: "a moment with its offset such as 2026-11-24T09:30:00Z (write + as %2B)",
}


def declared(handler: HTTPRouteHandler) -> dict[str, Parameter]:
    """Collect the query parameters of a handler and of its dependencies."""
    found: dict[str, Parameter] = {}
    providers = handler.resolve_dependencies()
    waiting = [hints.function(handler)]
    while waiting:
        function = waiting.pop()
        found.update(_of_function(function))
        waiting += [providers[name].dependency for name in hints.hints(function) if name in providers]
    return found


def _of_function(function: Callable[..., Any]) -> Iterator[tuple[str, Parameter]]:
    found = hints.hints(function)
    for name, given in signature(function).parameters.items():
        for mark in getattr(found.get(name), "__metadata__", ()):
            if isinstance(mark, QueryParameter):
                wire = mark.name or name
                yield wire, _parameter(wire, found[name], given.default)


def _parameter(name: str, hint: Any, default: Any) -> Parameter:
    inner = _without_none(hint)
    plain = get_args(inner)[0] if get_origin(inner) is Annotated else inner
    repeatable = get_origin(plain) in {list, set, frozenset, tuple}
    form = None
    if isinstance(plain, type) and issubclass(plain, date):
        form = _MOMENT if issubclass(plain, datetime) else _DAY
    elif plain is int:
        form = _WHOLE
    required = default is signature(_parameter).parameters["name"].empty
    lines = any(LINES in (mark.extra or {}) for mark in _marks(inner) if isinstance(mark, Meta))
    return Parameter(name, inner, required, None if required else default, repeatable, form, lines)


def _marks(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _without_none(hint: Any) -> Any:
    """Take ``None`` out of a union: a parameter that is there has a value; ``null`` is just text."""
    plain, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    if get_origin(plain) in {Union, UnionType}:
        kept = tuple(each for each in get_args(plain) if each is not NoneType)
        plain = Union[kept]  # noqa: UP007 - a union of one is that one
    for mark in marks:
        plain = Annotated[plain, mark]
    return plain


def parse(query: bytes) -> dict[str, list[str]]:
    """Split a query string; ``InvalidError`` when it has too many fields."""
    try:
        fields = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise InvalidError(f"The query has more than {MAX_FIELDS} fields; ask for less at once.") from error
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


def check(given: Mapping[str, list[str]], parameters: Mapping[str, Parameter]) -> None:
    """Refuse parameters that are unknown, repeated or unfit; ``InvalidError`` names each."""
    faults = [_unknown(name, parameters) for name in given if name not in parameters]
    for name, values in given.items():
        if name in parameters and (fault := parameters[name].check(values)):
            faults.append(fault)
    faults += [
        Fault(message="it is required", member=each.name, source=Source.QUERY)
        for each in parameters.values()
        if each.required and each.name not in given
    ]
    if faults:
        named = "; ".join(f"{fault.member}: {fault.message}" for fault in faults)
        raise InvalidError(f"The query cannot be read. {named}.", faults)


def _unknown(name: str, parameters: Mapping[str, Parameter]) -> Fault:
    known = f"those known are {', '.join(sorted(parameters))}" if parameters else "none is taken"
    shown = _UNFIT.sub("\ufffd", name)[:100]
    return Fault(message=f"there is no such parameter here; {known}", member=shown, source=Source.QUERY)
