"""The words of a change: who, from what to what, and from which day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds import wording
from feeds.news import About, Effect, Item, Kind, Operation
from tests.feeds.examples import ADDITION, make_difference, make_item, make_part

JULY, SEPTEMBER = date(2027, 7, 1), date(2027, 9, 1)


def start(name: str, on: date = JULY) -> Item:
    return make_item(
        make_part(sub_processor=name, operation=Operation.START, effective_on=on),
        kind=Kind.ADDED,
    )


@pytest.mark.parametrize(
    ("item", "title"),
    [
        pytest.param(start("Brevo"), "Brevo is added as a sub-processor from 1 July 2027", id="added"),
        pytest.param(
            make_item(
                *(start(name).parts[0] for name in ("Brevo", "Stripe", "Sentry", "Render")),
                kind=Kind.ADDED,
            ),
            "Brevo, Stripe and 2 more are added as sub-processors from 1 July 2027",
            id="four at once",
        ),
        pytest.param(
            make_item(
                *start("Stripe", SEPTEMBER).parts,
                *start("Brevo", JULY).parts,
                kind=Kind.ADDED,
            ),
            "Brevo is added as a sub-processor from 1 July 2027;"
            " Stripe is added as a sub-processor from 1 September 2027",
            id="two days",
        ),
        pytest.param(
            make_item(make_part(operation=Operation.END), kind=Kind.REMOVED),
            "Brevo is no longer a sub-processor from 1 February 2027",
            id="removed",
        ),
        pytest.param(
            make_item(
                make_part(operation=Operation.END, effective_on=JULY),
                *start("Mailjet").parts,
                kind=Kind.REPLACED,
            ),
            "Mailjet replaces Brevo as a sub-processor from 1 July 2027",
            id="replaced on one day",
        ),
        pytest.param(
            make_item(
                make_part(operation=Operation.END, effective_on=SEPTEMBER),
                *start("Mailjet").parts,
                kind=Kind.REPLACED,
            ),
            "Mailjet replaces Brevo as a sub-processor:"
            " Mailjet from 1 July 2027, Brevo no longer from 1 September 2027",
            id="side by side for a while",
        ),
        pytest.param(
            make_item(),
            "Brevo: place of backup changes from Frankfurt, Germany to Lyon, France,"
            " with effect from 1 February 2027",
            id="one difference",
        ),
        pytest.param(
            make_item(make_part(differences=(make_difference(old=None),))),
            "Brevo: place of backup is added: Lyon, France, with effect from 1 February 2027",
            id="a place more",
        ),
        pytest.param(
            make_item(make_part(differences=(make_difference(new=None),))),
            "Brevo: place of backup is removed: Frankfurt, Germany, with effect from 1 February 2027",
            id="a place less",
        ),
        pytest.param(
            make_item(make_part(differences=(make_difference(), make_difference(label="purpose")))),
            "Brevo: 2 changes (place of backup and purpose), with effect from 1 February 2027",
            id="two differences",
        ),
        pytest.param(
            make_item(kind=Kind.CORRECTION, about=ADDITION),
            "Correction to Brevo: place of backup reads Lyon, France instead of Frankfurt, Germany,"
            " with effect from 1 February 2027",
            id="correction",
        ),
        pytest.param(
            make_item(
                make_part(operation=Operation.WITHDRAW, previously_on=date(2027, 2, 1)),
                kind=Kind.WITHDRAWAL,
                about=ADDITION,
            ),
            "Withdrawn: the addition of Brevo with effect from 1 February 2027 (change 1)",
            id="withdrawal",
        ),
        pytest.param(
            make_item(
                make_part(operation=Operation.POSTPONE, previously_on=date(2027, 2, 1), effective_on=JULY),
                kind=Kind.POSTPONEMENT,
                about=About(id=ADDITION.id, number=5, kind=Kind.MATERIAL_CHANGE),
            ),
            "Postponed: the change to Brevo moves from 1 February 2027 to 1 July 2027 (change 5)",
            id="postponement",
        ),
    ],
)
def test_a_title_says_who_what_and_from_when(item: Item, title: str) -> None:
    assert wording.title(item) == title


def test_a_withdrawn_replacement_names_both_sides_with_their_days() -> None:
    item = make_item(
        make_part(operation=Operation.WITHDRAW, previously_on=SEPTEMBER, effective_on=SEPTEMBER),
        make_part(
            sub_processor="Mailjet",
            operation=Operation.WITHDRAW,
            previously_on=JULY,
            effective_on=JULY,
        ),
        kind=Kind.WITHDRAWAL,
        about=About(id=ADDITION.id, number=3, kind=Kind.REPLACED),
    )

    assert wording.title(item) == (
        "Withdrawn: the replacement that concerns Mailjet with effect from 1 July 2027 (change 3);"
        " the replacement that concerns Brevo with effect from 1 September 2027 (change 3)"
    )


def test_a_long_value_is_cut_in_the_title_and_whole_in_the_text() -> None:
    value = "mail " * 100
    item = make_item(make_part(differences=(make_difference(new=value),)))

    assert len(wording.title(item)) < 250
    assert value.strip() in wording.plain(item)


def test_the_text_tells_every_difference_with_its_effect_and_the_reason() -> None:
    item = make_item(
        make_part(
            differences=(
                make_difference(effect=Effect.WIDENS),
                make_difference(label="contact", new=None, old="Ann", effect=Effect.WORDING),
                make_difference(label="optional", old=None, new="yes", effect=Effect.NARROWS),
            )
        ),
        late=True,
    )

    assert wording.plain(item) == (
        "Brevo, with effect from 1 February 2027:\n"
        "- Place of backup changes from “Frankfurt, Germany” to “Lyon, France” (widens the processing).\n"
        "- Contact is removed: “Ann” (wording only).\n"
        "- Optional is added: “yes” (narrows the processing).\n\n"
        "This was published after a day on which it takes effect.\n\n"
        "Reason: Second data centre\n\n"
        "Change 7 of the register."
    )


def test_new_terms_are_listed_and_not_compared_with_nothing() -> None:
    part = make_part(
        operation=Operation.START,
        differences=(make_difference(label="purpose", old=None, new="Mail", effect=Effect.WIDENS),),
    )

    assert "- Purpose: Mail\n" in wording.plain(make_item(part, kind=Kind.ADDED))


def test_what_ends_is_listed_and_not_told_member_by_member() -> None:
    part = make_part(
        operation=Operation.END,
        differences=(make_difference(label="use", old="Mail", new=None, effect=Effect.NARROWS),),
    )

    assert wording.plain(make_item(part, kind=Kind.REMOVED)).startswith(
        "Brevo is no longer a sub-processor from 1 February 2027. What ends:\n- Use: Mail\n"
    )


def test_markup_in_a_text_stays_text_in_the_html() -> None:
    name = "<script>alert('1')</script> & \"Söhne\" ]]>"
    html = wording.html(make_item(make_part(sub_processor=name), reason=name))

    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;Söhne&quot; ]]&gt;") == 2


@given(st.sampled_from(Kind), st.sampled_from(Operation), st.text(), st.text(), st.booleans())
def test_a_title_is_one_line_and_names_the_sub_processor(
    kind: Kind, operation: Operation, name: str, value: str, about: bool
) -> None:
    part = make_part(sub_processor=name, operation=operation, differences=(make_difference(new=value),))
    title = wording.title(make_item(part, kind=kind, about=ADDITION if about else None))

    assert title.splitlines() == [title]
    assert " ".join(name.split()) in title


@given(st.dates())
def test_a_day_is_written_with_its_month_in_words(day: date) -> None:
    assert wording.day(day) == f"{day.day} {day:%B} {day.year}"
