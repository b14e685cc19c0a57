r"""Types that all resources share, so that bad text and days are refused once.

Patterns keep to what Python and ECMA-262 read alike: explicit classes, no ``\s``,
``\d`` or ``\w``. Python's ``$`` also matches before a last newline, hence ``(?!\n)``.
NUL cannot be stored in PostgreSQL, and other control characters and the two
non-characters break XML and documents. Lone surrogates are refused by the JSON reader.
"""

from datetime import date, datetime
from typing import Annotated, TypeAlias, get_args, get_type_hints

from msgspec import Meta, Struct

NAME_MAX = 200
TEXT_MAX = 1_000
LONG_TEXT_MAX = 20_000

_UNSEEN = r"\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
"""Characters that nobody sees and that make one name look like another."""
_CONTROL = rf"\u0000-\u001f\u007f-\u009f\ufffe\uffff{_UNSEEN}"
_LINE = rf"^[^\u0020{_CONTROL}]([^{_CONTROL}]*[^\u0020{_CONTROL}])?$(?!\n)"
_LINES = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]*$"
_URL = (
    r'^https?://[^\u0020/?#@"<>\\^`{|}' + _CONTROL + r"]+"
    r'([/?#][^\u0020"<>\\^`{|}' + _CONTROL + r"]*)?$(?!\n)"
)
_EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+$(?!\n)"
_YEAR = "^(19[0-9][0-9]|[2-8][0-9][0-9][0-9]|9[0-8][0-9][0-9]|99[0-8][0-9]|999[0-8])-"
_KEY = r"^[a-z0-9][a-z0-9_-]{0,62}$(?!\n)"

Name: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=NAME_MAX,
        pattern=_LINE,
        description="A name: one line, no space at either end, no control characters.",
    ),
]
Text: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=TEXT_MAX,
        pattern=_LINE,
        description="One line of text, no space at either end, no control characters.",
    ),
]
LongText: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONG_TEXT_MAX,
        pattern=_LINES,
        description="Text of several lines; no control characters but tab and line ends.",
    ),
]
Key: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=63,
        pattern=_KEY,
        description="A permanent key inside its object: lower case, digits, `_` and `-`.",
    ),
]
Url: TypeAlias = Annotated[
    str,
    Meta(
        min_length=9,
        max_length=2_000,
        pattern=_URL,
        description="A link that starts with http:// or https://.",
    ),
]
Email: TypeAlias = Annotated[
    str,
    Meta(min_length=5, max_length=254, pattern=_EMAIL, description="An e-mail address."),
]
Day: TypeAlias = Annotated[
    date,
    Meta(
        description="A calendar day from 1900-01-01 to 9998-12-31, in the register's time zone.",
        extra_json_schema={"pattern": _YEAR, "examples": ["2026-11-24"]},
    ),
]
Moment: TypeAlias = Annotated[
    datetime,
    Meta(
        tz=True,
        description="A moment with its offset from UTC, from 1900 to 9998.",
        extra_json_schema={"pattern": _YEAR, "examples": ["2026-11-24T09:30:00Z"]},
    ),
]

FORMS = {
    _LINE: "one line, without spaces at either end and without control characters",
    _LINES: "text without control characters other than tab and line ends",
    _URL: "a link that starts with http:// or https:// and holds no spaces",
    _EMAIL: "an e-mail address such as privacy@example.com",
    _KEY: "a key of lower-case letters, digits, `_` and `-`, at most 63 of them",
}
"""What each pattern asks for, in words, for the message of a problem."""

FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(9998, 12, 31)


def check_day(name: str, value: object) -> None:
    """Refuse days that arithmetic or PostgreSQL would take for something else.

    9999-12-31 is stored as infinity, and near the ends of the calendar adding days overflows.
    ``ValueError`` says ``member: what is wrong``, as every check of a Struct should, so that the problem
    can name the member. Anything that is not a day or moment passes.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
        message = (
            f"{name}: {value} is not taken, only days from {FIRST_DAY} to {LAST_DAY};"
            " for a span without an end leave its end out"
        )
        raise ValueError(message)


class Request(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body that is sent to us: an unknown member is an error, and so is an impossible day."""

    def __post_init__(self) -> None:
        """Check days here, since msgspec has no limits for them."""
        kind = type(self)
        names = _DAYS_OF.get(kind)
        if names is None:
            names = _DAYS_OF[kind] = _members_with_days(kind)
        for name in names:
            check_day(name, getattr(self, name))


_DAYS_OF: dict[type[Request], tuple[str, ...]] = {}


def _members_with_days(kind: type[Request]) -> tuple[str, ...]:
    """The members that may hold a day or a moment; found once, since whole registers are read through this."""
    found = get_type_hints(kind)
    return tuple(name for name in kind.__struct_fields__ if _may_be_day(found[name]))


def _may_be_day(hint: object) -> bool:
    if isinstance(hint, type):
        return issubclass(hint, date)
    return any(_may_be_day(inner) for inner in get_args(hint))
