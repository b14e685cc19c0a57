"""The three forms of the feed: what readers find in each of them, and what holds for all."""

import json
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from feeds import atom, json_feed, rss, wording
from feeds.channel import Channel, Form
from feeds.elements import ATOM, HISTORY, NAMESPACE
from feeds.news import Item
from feeds.xml import clean
from tests.feeds.examples import BREVO, CHANNEL, EXAMPLE, make_difference, make_item, make_part

Render = Callable[[Channel, Sequence[Item]], bytes]
RENDER: dict[Form, Render] = {
    Form.RSS: rss.render,
    Form.ATOM: atom.render,
    Form.JSON: json_feed.render,
}
EVERY_FORM = pytest.mark.parametrize("form", list(Form))
NAMES = {"a": ATOM, "onward": NAMESPACE, "fh": HISTORY}
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def written(form: Form, items: Sequence[Item] = EXAMPLE, **given: Any) -> bytes:
    return RENDER[form](replace(CHANNEL, **{"path": f"/feeds/changes.{form}", **given}), items)


def ids(form: Form, document: bytes) -> list[str]:
    """The ids of the items in the order in which they stand, read without help."""
    if form is Form.JSON:
        return [item["id"] for item in json.loads(document)["items"]]
    path = "channel/item/guid" if form is Form.RSS else "a:entry/a:id"
    return [str(each.text) for each in etree.fromstring(document).iterfind(path, NAMES)]


def test_an_atom_reader_reads_what_was_published() -> None:
    read = feedparser.parse(written(Form.ATOM))

    assert not read.bozo
    assert read.version == "atom10"
    assert read.feed.title == CHANNEL.title
    assert read.feed.id == "https://register.example/feeds/changes.atom"
    assert read.feed.author == "MIBNtech"
    assert read.feed.updated == "2026-11-26T15:30:00+00:00"
    assert {(link.rel, link.href) for link in read.feed.links} == {
        ("self", "https://register.example/feeds/changes.atom"),
        ("alternate", "https://register.example/"),
    }
    newest, replaced, added = read.entries
    assert newest.title.startswith("Withdrawn: the addition of Brevo")
    assert replaced.onward_effective_on == "2027-07-01"
    assert added.id == "urn:uuid:01990000-0000-7000-8000-000000000001"
    assert added.link == "https://register.example/changes/01990000-0000-7000-8000-000000000001"
    assert added.published == added.updated == "2026-11-24T15:30:00+00:00"
    assert (added.onward_number, added.onward_kind) == ("1", "added")
    assert added.onward_sub_processor_id == BREVO.urn
    assert "<li>Purpose: Newsletters &amp; receipts</li>" in added.content[0].value
    assert added.tags[0].term == "added"


def test_a_json_feed_has_every_member_that_the_format_asks_for() -> None:
    document = json.loads(written(Form.JSON))

    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["title"] == CHANNEL.title
    assert document["feed_url"] == "https://register.example/feeds/changes.json"
    assert document["home_page_url"] == "https://register.example/"
    assert document["authors"] == [{"name": "MIBNtech"}]
    assert "next_url" not in document
    newest, replaced, added = document["items"]
    assert added == {
        "id": "urn:uuid:01990000-0000-7000-8000-000000000001",
        "url": "https://register.example/changes/01990000-0000-7000-8000-000000000001",
        "title": "Brevo is added as a sub-processor from 1 February 2027",
        "content_html": added["content_html"],
        "date_published": "2026-11-24T15:30:00Z",
        "tags": ["Added"],
        "_onward": {
            "number": 1,
            "kind": "added",
            "parts": [
                {
                    "sub_processor": "Brevo",
                    "operation": "start",
                    "sub_processor_id": BREVO.urn,
                    "effective_on": "2027-02-01",
                }
            ],
            "effective_on": "2027-02-01",
        },
    }
    assert "<li>Purpose: Newsletters &amp; receipts</li>" in added["content_html"]
    assert replaced["_onward"]["effective_on"] == "2027-07-01"
    assert newest["_onward"]["about"] == "urn:uuid:01990000-0000-7000-8000-000000000001"
    assert "effective_on" not in newest["_onward"]


@EVERY_FORM
def test_items_come_newest_first_whatever_order_they_are_given_in(form: Form) -> None:
    items = [make_item(number=number) for number in (2, 9, 1, 5)]

    found = ids(form, written(form, items))

    assert found == [make_item(number=number).id.urn for number in (9, 5, 2, 1)]
    assert written(form, items) == written(form, items[::-1])


@EVERY_FORM
def test_the_same_rows_give_the_same_bytes(form: Form) -> None:
    assert len({written(form) for _ in range(3)}) == 1


@EVERY_FORM
def test_a_page_of_the_archive_says_so_and_where_the_rest_is(form: Form) -> None:
    archive = written(
        form,
        path=f"/feeds/archive/2/changes.{form}?kind=added",
        previous=f"/feeds/archive/1/changes.{form}?kind=added",
        current=f"/feeds/changes.{form}?kind=added",
    )

    before = f"https://register.example/feeds/archive/1/changes.{form}?kind=added"
    if form is Form.JSON:
        assert json.loads(archive)["next_url"] == before
        return
    read = feedparser.parse(archive)
    links = {link.rel: link.href for link in read.feed.links}
    assert not read.bozo
    assert links["prev-archive"] == before
    assert links["current"] == f"https://register.example/feeds/changes.{form}?kind=added"
    assert len(etree.fromstring(archive).findall(".//fh:archive", NAMES)) == 1
    if form is Form.ATOM:
        # All documents of one feed have one id (RFC 5005 4).
        assert read.feed.id == links["current"]


@EVERY_FORM
def test_the_feed_that_is_followed_is_no_archive(form: Form) -> None:
    document = written(form, previous=f"/feeds/archive/1/changes.{form}")

    assert b"fh:archive" not in document
    assert b'"current"' not in document


@EVERY_FORM
def test_a_deadline_to_object_stands_in_the_text_and_among_the_facts(form: Form) -> None:
    item = make_item(objection_until=date(2027, 1, 3))

    document = written(form, [item])

    assert b"You may object until 3 January 2027." in document
    assert b"2027-01-03" in document
    assert b"2027-01-03" not in written(form)


@EVERY_FORM
@given(ANY_TEXT, ANY_TEXT)
def test_any_text_leaves_a_feed_that_can_be_read(form: Form, name: str, value: str) -> None:
    news = make_item(
        make_part(sub_processor=name, differences=(make_difference(old=value, label=value),)), reason=value
    )

    document = written(form, [news], title=f"A{name}", owner=f"A{name}", description=f"A{name}")

    assert ids(form, document) == [news.id.urn]
    if form is Form.JSON:
        [item] = json.loads(document)["items"]
        assert item["title"] == clean(wording.title(news))
        assert item["_onward"]["parts"][0]["sub_processor"] == clean(name)
    else:
        assert not feedparser.parse(document).bozo


@EVERY_FORM
@pytest.mark.parametrize("public_url", ["javascript:alert(1)//", "ftp://a.example", ""])
def test_a_public_address_that_is_not_of_the_web_is_refused(form: Form, public_url: str) -> None:
    with pytest.raises(ValueError, match="starts with http:// or https://"):
        written(form, public_url=public_url)


@EVERY_FORM
def test_a_feed_in_which_nothing_is_published_invents_no_moment(form: Form) -> None:
    document = written(form, [])

    assert written(form, []) == document
    assert ids(form, document) == []
    if form is Form.ATOM:
        assert feedparser.parse(document).feed.updated == "1970-01-01T00:00:00+00:00"


@EVERY_FORM
def test_a_feed_is_dated_by_its_newest_item(form: Form) -> None:
    items = [
        make_item(number=1),
        make_item(number=2, published_at=EXAMPLE[0].published_at + timedelta(hours=3)),
    ]

    document = written(form, items)

    assert b"18:30:00" in document
