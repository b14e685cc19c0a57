"""JSON bodies: read once, strictly, straight into their type.

Litestar reads a body into plain values and converts those leniently (``"5"`` for 5), so
the request class here takes the type's own strict decoder instead.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures.state import State

from registry.errors import Fault, InvalidError
from registry.resources.actors import Actor
from registry.resources.base import FORMS

# A path is `$.parts[0].patch`, or "`key` in `$.facts`" where a key of an object is at fault.
_AT = re.compile(r"^(?P<message>.*?)(?: - at (?:`key` in )?`(?P<path>[^`]*)`)?$", re.DOTALL)
_MEMBER = re.compile(r"(?:unknown|required) field `(?P<name>.*?)`")
_PATTERN = re.compile(r"matching regex (?P<quoted>['\"].*['\"])$", re.DOTALL)
# What the checks of a Struct's `__post_init__` begin with, where one member is at fault.
_NAMED = re.compile(r"^(?P<name>[a-z][a-z0-9_]*): (?P<rest>.+)$", re.DOTALL)

_ENUM = re.compile(r"^Invalid enum value (?P<value>.*)$", re.DOTALL)

A_DAY = "it is no day of the calendar; write a day such as 2026-11-24"
A_MOMENT = "it is no moment with its offset from UTC; write one such as 2026-11-24T09:30:00Z"
AN_ID = "it is no id; write one as it was given, such as 0199d3a0-0000-7000-8000-000000000000"
REMEDIES = {
    "Invalid RFC3339 encoded date": A_DAY,
    "Expected `date`": A_DAY,
    "Invalid RFC3339 encoded datetime": A_MOMENT,
    "Expected `datetime`": A_MOMENT,
    "Invalid UUID": AN_ID,
    "Expected `uuid`": AN_ID,
    "Expected `bool`": "write true or false",
}
"""What to write instead, by the beginning of msgspec's words, up to what it got."""

END_OF_TIME = b"9999-12-31"


class BodyRequest(Request[Actor, Any, State]):
    """A request whose ``json()`` is the handler's ``data``, already in its type."""

    async def json(self) -> Any:
        """Decode the body; ``InvalidError`` names the member at fault."""
        return decode(await self.body(), self.scope["route_handler"].opt["decoder"])


def decode(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """Read a JSON body; ``InvalidError`` says what is wrong, where, and what is taken."""
    value = parse(body, decoder)
    if END_OF_TIME in body:
        _refuse_end_of_time(value)
    return value


def parse(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    """As ``decode``, but without a look at the days: for what is decoded further."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise unfit(str(error)) from error
    except RecursionError as error:
        raise InvalidError("The body is nested too deeply to be read.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidError(f"The body is not JSON that can be read: {error}.") from error


def _refuse_end_of_time(value: Any) -> None:
    """Refuse 9999-12-31 wherever a day is read: it stands for infinity in PostgreSQL, and for "none" in many lists.

    Asked only of a body that holds these letters, so that others do not pay for it.
    """
    for member, each in _walk(msgspec.to_builtins(value, builtin_types=(date, datetime)), ""):
        if isinstance(each, date) and each.isoformat().startswith("9999-12-31"):
            raise unfit(
                f"9999-12-31 is not taken for a day; for a span without an end leave its end out - at `${member}`"
            )


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{index}]")
    else:
        yield path, value


def unfit(text: str) -> InvalidError:
    """The error for a body that is JSON but not what is asked for, from the words of its check."""
    fault = explain(text)
    where = f"{fault.member}: " if fault.member else ""
    return InvalidError(f"The body does not fit. {where}{fault.message}.", [fault])


def explain(text: str) -> Fault:
    """Turn msgspec's message into a fault that names the member by its path."""
    matched = _AT.match(text)
    message, path = (matched["message"], matched["path"]) if matched else (text, None)
    member = _member(path or "$")
    if named := _MEMBER.search(message):
        member = _inside(member, named["name"])
        message = _reword(message)
    elif checked := _NAMED.match(message):
        member, message = _inside(member, checked["name"]), checked["rest"]
    elif patterned := _PATTERN.search(message):
        message = f"the text is not {_form(patterned['quoted'])}"
    elif listed := _ENUM.match(message):
        message = f"{listed['value']} is none of the values taken here; /openapi.json lists them"
    else:
        began = re.split(", got | with ", message, maxsplit=1)[0].replace(" | null", "")
        message = REMEDIES.get(began, message)
    return Fault(message=message, member=member or None)


def _reword(message: str) -> str:
    if "unknown field" in message:
        return "there is no such member here; leave it out or mend its name"
    if "required field" in message:
        return "this member is required"
    return message


def _form(quoted: str) -> str:
    for pattern, words in FORMS.items():
        if quoted in {repr(pattern), f"'{pattern}'", f'"{pattern}"'}:
            return words
    return f"of the form {quoted}"


def _inside(member: str, name: str) -> str:
    return f"{member}.{name}" if member else name


def _member(path: str) -> str:
    """``$.parts[0].patch`` becomes ``parts[0].patch``."""
    return path.removeprefix("$").removeprefix(".")
