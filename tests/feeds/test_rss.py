"""The RSS feed as feed readers read it."""

from calendar import timegm
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from feeds import rss, wording
from feeds.elements import NAMESPACE
from feeds.xml import clean
from tests.feeds.examples import (
    ADDITION,
    BREVO,
    CHANNEL,
    EXAMPLE,
    PUBLISHED,
    make_difference,
    make_item,
    make_part,
)

GOLDEN = Path(__file__).parent / "golden.rss"
OURS = {"onward": NAMESPACE}
ANY_TEXT = st.text(st.characters(exclude_categories=()))


def test_the_feed_is_written_byte_for_byte_like_the_golden_one() -> None:
    assert rss.render(CHANNEL, EXAMPLE).decode() == GOLDEN.read_text()


def test_a_feed_reader_reads_what_was_published() -> None:
    read = feedparser.parse(rss.render(CHANNEL, EXAMPLE))

    assert not read.bozo
    assert read.version == "rss20"
    assert read.feed.title == CHANNEL.title
    assert read.feed.link == "https://register.example/"
    assert read.feed.language == "en-GB"
    assert read.feed.updated_parsed[:6] == (2026, 11, 26, 15, 30, 0)
    [own] = [link for link in read.feed.links if link.rel == "self"]
    assert (own.href, own.type) == ("https://register.example/feeds/changes.rss", "application/rss+xml")
    newest, replaced, added = read.entries
    assert newest.title.startswith("Withdrawn: the addition of Brevo")
    assert replaced.onward_effective_on == "2027-07-01"
    assert added.id == "urn:uuid:01990000-0000-7000-8000-000000000001"
    assert not added.guidislink
    assert added.link == "https://register.example/changes/01990000-0000-7000-8000-000000000001"
    assert added.published_parsed[:6] == (2026, 11, 24, 15, 30, 0)
    assert added.onward_number == "1"
    assert added.onward_kind == "added"
    assert added.onward_sub_processor == "Brevo"
    assert added.onward_sub_processor_id == BREVO.urn
    assert added.onward_effective_on == "2027-02-01"
    assert "<li>Purpose: Newsletters &amp; receipts</li>" in added.description


def test_items_come_newest_first_whatever_order_they_are_given_in() -> None:
    items = [make_item(number=number) for number in (2, 9, 1, 5)]

    assert numbers(rss.render(CHANNEL, items)) == ["9", "5", "2", "1"]
    assert rss.render(CHANNEL, items) == rss.render(CHANNEL, reversed(items))


def test_each_part_has_its_own_day_and_the_item_the_first_of_them() -> None:
    [item] = etree.fromstring(rss.render(CHANNEL, [EXAMPLE[1]])).iterfind("channel/item")

    parts = item.findall("onward:part", OURS)
    assert [part.findtext("onward:effective_on", None, OURS) for part in parts] == [
        "2027-09-01",
        "2027-07-01",
    ]
    assert [part.findtext("onward:operation", None, OURS) for part in parts] == ["end", "start"]
    assert item.findtext("onward:effective_on", None, OURS) == "2027-07-01"


def test_a_withdrawal_names_no_day_as_one_that_comes() -> None:
    [item] = etree.fromstring(rss.render(CHANNEL, [EXAMPLE[2]])).iterfind("channel/item")

    assert item.findall(".//onward:effective_on", OURS) == []
    assert item.findtext("onward:part/onward:previously_on", None, OURS) == "2027-02-01"
    assert item.findtext("onward:about", None, OURS) == ADDITION.id.urn


def test_an_empty_feed_is_a_feed_without_an_invented_moment() -> None:
    written = rss.render(CHANNEL, [])

    assert b"lastBuildDate" not in written
    assert not feedparser.parse(written).bozo
    assert feedparser.parse(written).entries == []


def test_a_moment_is_the_same_moment_in_every_zone() -> None:
    elsewhere = PUBLISHED.astimezone(timezone(timedelta(hours=5, minutes=30)))
    [entry] = feedparser.parse(rss.render(CHANNEL, [make_item(published_at=elsewhere)])).entries

    assert datetime.fromtimestamp(timegm(entry.published_parsed), UTC) == PUBLISHED


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "a ]]> b", "Söhne & Töchter", "\"double\" and 'single'", "&lt;b&gt;"],
)
def test_markup_that_somebody_typed_is_shown_as_typed(text: str) -> None:
    written = rss.render(CHANNEL, [make_item(make_part(sub_processor=text), reason=text)])
    [item] = etree.fromstring(written).iterfind("channel/item")
    [entry] = feedparser.parse(written).entries

    assert item.findtext("title", "").startswith(text)
    assert b"<script" not in written
    assert "<script" not in entry.description
    # A description is HTML: what a person sees is its text.
    assert text in "".join(etree.HTML(item.findtext("description", "")).itertext())


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_any_text_leaves_the_feed_well_formed_and_reads_back_equal(
    name: str, value: str, reason: str
) -> None:
    news = make_item(
        make_part(sub_processor=name, differences=(make_difference(old=value, label=value),)), reason=reason
    )
    written = rss.render(CHANNEL, [news])
    [item] = etree.fromstring(written).iterfind("channel/item")

    assert item.findtext("title") == clean(wording.title(news))
    assert item.findtext("description") == clean(wording.html(news))
    assert item.findtext("onward:part/onward:sub_processor", None, OURS) == clean(name)
    read = feedparser.parse(written)
    assert not read.bozo
    assert read.entries[0].id == news.id.urn


@given(ANY_TEXT)
def test_any_register_name_leaves_the_feed_well_formed(name: str) -> None:
    channel = replace(CHANNEL, title=f"A{name}", description=f"A{name}")

    assert etree.fromstring(rss.render(channel, [])).findtext("channel/title") == clean(f"A{name}")


@pytest.mark.parametrize("public_url", ["javascript:alert(1)//", "ftp://a.example", ""])
def test_a_public_address_that_is_not_of_the_web_is_refused(public_url: str) -> None:
    channel = replace(CHANNEL, public_url=public_url)

    with pytest.raises(ValueError, match="starts with http:// or https://"):
        rss.render(channel, [])


def test_the_same_rows_give_the_same_bytes() -> None:
    assert len({rss.render(CHANNEL, EXAMPLE) for _ in range(3)}) == 1


def numbers(written: bytes) -> list[str | None]:
    items: list[etree._Element] = etree.fromstring(written).findall("channel/item")
    return [item.findtext("onward:number", None, OURS) for item in items]
