"""What msgspec says of a body, in words that name the member."""

import pytest

from registry.web.bodies import A_DAY, A_MOMENT, explain

NONE_OF = "is none of the values taken here; /openapi.json lists them"


@pytest.mark.parametrize(
    ("said", "member", "message"),
    [
        (
            "Expected `int`, got `str` - at `$.parts[0].number`",
            "parts[0].number",
            "Expected `int`, got `str`",
        ),
        (
            "Object missing required field `name` - at `$.parts[0]`",
            "parts[0].name",
            "this member is required",
        ),
        ("Object missing required field `name`", "name", "this member is required"),
        ("Invalid enum value 'x' - at `key` in `$.facts`", "facts", f"'x' {NONE_OF}"),
        ("Invalid RFC3339 encoded date - at `$.day`", "day", A_DAY),
        ("Expected `date | null`, got `int` - at `$.day`", "day", A_DAY),
        ("Expected `datetime` with a timezone component - at `$.at`", "at", A_MOMENT),
        ("Expected `bool`, got `str` - at `$.commit`", "commit", "write true or false"),
        ("day: it is too late - at `$.parts[1]`", "parts[1].day", "it is too late"),
        ("day: it is too late", "day", "it is too late"),
        ("Name one subject - at `$.parts[...]`", "parts[...]", "Name one subject"),
        ("Expected `object`, got `array`", None, "Expected `object`, got `array`"),
    ],
)
def test_a_fault_names_its_member(said: str, member: str | None, message: str) -> None:
    fault = explain(said)

    assert (fault.member, fault.message) == (member, message)
