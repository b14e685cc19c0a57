"""Mails as their readers get them: what they say in both forms, and the headers that programs go by."""

from datetime import UTC, date, datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from uuid import UUID, uuid4

import pytest
from lxml import html
from msgspec.structs import replace

from registry.channels.mailboxes import Mailbox
from registry.delivery.mails import Identity, Letterhead, compose
from registry.resources.letters import (
    Announcement,
    Confirmation,
    Contents,
    NoticeTerms,
    Outcome,
    Receipt,
    Reminder,
    Suspension,
)
from tests.registry.delivery import examples

LETTERHEAD = Letterhead(
    company="MIBNtech", sender=Mailbox.read("MIBNtech Privacy <privacy@mibntech.example>")
)
AT = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=1)))
IDENTITY = Identity(
    delivery_id=UUID(int=1),
    subscription_id=UUID("0199f3a0-0000-7000-8000-00000000abcd"),
    change_id=UUID(int=7),
)
GENERAL = NoticeTerms(
    owed="full_period",
    authorisation="general",
    objection_until=date(2026, 12, 24),
    contract="DPA 2026/17",
)
SPECIFIC = NoticeTerms(owed="full_period", authorisation="specific", objection_until=date(2026, 12, 24))
OBJECT = "https://list.example.com/objections/" + "t" * 200
UNSUBSCRIBE = "https://list.example.com/subscriptions/end/" + "u" * 300

EVERY_KIND: list[Contents] = [
    Announcement(change=examples.ADDED),
    Announcement(change=examples.ADDED, notice=GENERAL, object_url=OBJECT),
    Reminder(change=examples.ADDED, notice=GENERAL, object_url=OBJECT),
    Outcome(change=examples.ADDED, state="rejected", text="It is encrypted."),
    Receipt(change=examples.ADDED, received_on=date(2026, 11, 25), objection="Not to Norway."),
    Confirmation(confirm_url="https://list.example.com/confirm/x", expires_on=date(2026, 12, 1)),
    Suspension(
        channel="webhook", address="https://a.example/", since=date(2026, 11, 1), reason="Answered 500."
    ),
]

KINDS = ["news", "notice", "reminder", "outcome", "receipt", "confirmation", "suspension"]


def received(
    contents: Contents,
    to: str = "ada@client.example",
    *,
    letterhead: Letterhead = LETTERHEAD,
    identity: Identity = IDENTITY,
    unsubscribe_url: str | None = None,
) -> EmailMessage:
    """The mail as a reader's program parses it."""
    mail = compose(
        contents, to, letterhead=letterhead, identity=identity, at=AT, unsubscribe_url=unsubscribe_url
    )
    return BytesParser(policy=policy.default).parsebytes(mail.as_bytes())


def text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    content: str = part.get_content()
    return content


def page(mail: EmailMessage) -> html.HtmlElement:
    part = mail.get_body(("html",))
    assert part is not None
    return html.document_fromstring(part.get_content())


def words(mail: EmailMessage) -> str:
    return " ".join(page(mail).text_content().split())


# What is said


def test_a_notice_says_what_changes_from_which_day_until_when_one_may_object_and_where() -> None:
    mail = received(Announcement(change=examples.ADDED, notice=GENERAL, object_url=OBJECT))

    assert mail["Subject"] == "Fjord SMS AS is added as a sub-processor from 1 February 2027"
    for said in (text(mail), words(mail)):
        assert "Fjord SMS AS is added as a sub-processor from 1 February 2027" in said
        assert "Oslo, Norway" in said
        assert "You may object until 24 December 2026, that day included." in said
        assert "If you do not, the change counts as accepted." in said
        assert "Reason: A second provider of text messages" in said
        assert "DPA 2026/17" in said
        assert "cannot be unsubscribed from" in said
    assert OBJECT in text(mail)
    assert OBJECT in [link.get("href") for link in page(mail).iter("a")]


def test_what_changes_is_said_from_what_to_what() -> None:
    mail = received(Announcement(change=examples.MOVED, notice=GENERAL))

    for said in (text(mail), words(mail)):
        assert "Place of backup changes from \u201cLyon, France\u201d to \u201cOslo, Norway\u201d" in said


def test_under_specific_authorisation_silence_is_never_said_to_accept() -> None:
    for contents in (
        Announcement(change=examples.ADDED, notice=SPECIFIC),
        Reminder(change=examples.ADDED, notice=SPECIFIC),
    ):
        said = text(received(contents))

        assert "silence is no authorisation" in said
        assert "counts as accepted" not in said


def test_what_narrows_asks_for_nothing() -> None:
    at_once = NoticeTerms(owed="at_once", authorisation="general")

    said = text(received(Announcement(change=examples.ADDED, notice=at_once)))

    assert "nothing is asked of you" in said
    assert "object" not in said.lower()


def test_an_emergency_says_why_it_could_not_wait() -> None:
    urgent = NoticeTerms(owed="full_period", authorisation="general", emergency="Our provider failed")

    assert "could not wait for its notice period: Our provider failed." in text(
        received(Announcement(change=examples.ADDED, notice=urgent))
    )


def test_a_change_says_for_itself_that_it_could_not_wait_and_that_one_person_made_it() -> None:
    change = replace(examples.ADDED, emergency="Our provider failed", published_alone=True)

    for contents in (Announcement(change=change), Announcement(change=change, notice=GENERAL)):
        said = text(received(contents))
        assert "could not wait for its notice period: Our provider failed." in said
        assert "One person drafted and published this change." in said


def test_a_withdrawal_takes_effect_not_at_all() -> None:
    mail = received(Announcement(change=examples.WITHDRAWN))

    assert mail["Subject"].startswith("Withdrawn: ")
    assert "Takes effect: Not at all" in text(mail)


@pytest.mark.parametrize(
    ("contents", "subject"),
    [
        (EVERY_KIND[2], "Reminder: object until 24 December 2026: Fjord SMS AS is added"),
        (EVERY_KIND[3], "Outcome: Fjord SMS AS is added"),
        (EVERY_KIND[4], "Your objection has arrived: Fjord SMS AS is added"),
        (EVERY_KIND[5], "Please confirm: changes to the sub-processors of MIBNtech"),
        (EVERY_KIND[6], "Your webhook is suspended: it could not be reached"),
    ],
)
def test_every_occasion_says_in_its_subject_what_it_is(contents: Contents, subject: str) -> None:
    assert received(contents)["Subject"].startswith(subject)


def test_an_outcome_says_what_was_decided_and_what_was_written_to_it() -> None:
    for said in (text(received(EVERY_KIND[3])), words(received(EVERY_KIND[3]))):
        assert "Your objection is not upheld" in said
        assert "MIBNtech writes: It is encrypted." in said


def test_a_receipt_repeats_the_objection_and_its_day() -> None:
    said = text(received(EVERY_KIND[4]))

    assert "Received on: 25 November 2026" in said
    assert "You wrote: Not to Norway." in said


def test_a_confirmation_names_no_list_and_what_happens_without_it() -> None:
    mail = received(EVERY_KIND[5])

    assert "If it was not you, do nothing" in text(mail)
    assert "https://list.example.com/confirm/x" in text(mail)
    assert "1 December 2026" in text(mail)
    assert mail["List-Id"] is None


def test_a_suspension_says_since_when_and_why() -> None:
    said = text(received(EVERY_KIND[6]))

    assert "Not reached since: 1 November 2026" in said
    assert "What happened last: Answered 500." in said


@pytest.mark.parametrize("contents", EVERY_KIND, ids=KINDS)
def test_both_parts_say_the_same(contents: Contents) -> None:
    mail = received(contents)
    in_html = words(mail)

    for line in text(mail).splitlines():
        bare = line.removeprefix("- ").strip()
        if bare and bare != "--" and not bare.startswith("https://"):
            for piece in bare.rstrip(":").split(": ", 1):
                assert piece in in_html


def test_what_people_wrote_is_text_in_the_page_too() -> None:
    nasty = examples.with_reason("<script>alert(1)</script> & <a href='https://evil.example'>click</a>")

    mail = received(Announcement(change=nasty, notice=GENERAL))

    assert list(page(mail).iter("script")) == []
    assert "https://evil.example" not in [link.get("href") for link in page(mail).iter("a")]
    assert "<script>alert(1)</script>" in words(mail)


def test_a_page_fetches_nothing() -> None:
    for contents in EVERY_KIND:
        found = page(received(contents))

        assert [each.tag for each in found.iter("img", "link", "script", "iframe", "object")] == []
        assert found.get("lang") == "en-GB"
        assert "url(" not in html.tostring(found).decode()


# The headers


def test_a_mail_is_dated_from_whom_to_whom_and_marked_as_automatic() -> None:
    mail = received(Announcement(change=examples.ADDED))

    assert mail["From"] == "MIBNtech Privacy <privacy@mibntech.example>"
    assert mail["To"] == "ada@client.example"
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en-GB"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_news_can_be_unsubscribed_from_with_one_click() -> None:
    mail = received(Announcement(change=examples.ADDED), unsubscribe_url=UNSUBSCRIBE)

    assert mail["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<changes.mibntech.example>"
    assert UNSUBSCRIBE in text(mail)


@pytest.mark.parametrize("contents", EVERY_KIND, ids=KINDS)
def test_nothing_else_can_be_unsubscribed_from(contents: Contents) -> None:
    mail = received(contents)

    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert "Unsubscribe:" not in text(mail)


def test_one_click_is_offered_over_https_only() -> None:
    mail = received(Announcement(change=examples.ADDED), unsubscribe_url="http://127.0.0.1:8000/x")

    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8000/x>"
    assert mail["List-Unsubscribe-Post"] is None


def test_an_announcement_has_one_message_id_whatever_delivers_it() -> None:
    other_delivery = Identity(
        delivery_id=uuid4(), subscription_id=IDENTITY.subscription_id, change_id=IDENTITY.change_id
    )
    other_subscription = Identity(
        delivery_id=IDENTITY.delivery_id, subscription_id=uuid4(), change_id=IDENTITY.change_id
    )
    first, again, elsewhere = (
        received(Announcement(change=examples.ADDED), identity=identity)["Message-ID"]
        for identity in (IDENTITY, other_delivery, other_subscription)
    )

    assert first == again
    assert first != elsewhere
    assert first.endswith("@mibntech.example>")


def test_what_follows_an_announcement_stands_in_its_thread() -> None:
    announcement = received(Announcement(change=examples.ADDED, notice=GENERAL))["Message-ID"]
    ids = {announcement}
    for number, contents in enumerate(EVERY_KIND[2:5]):
        identity = Identity(
            delivery_id=UUID(int=100 + number),
            subscription_id=IDENTITY.subscription_id,
            change_id=IDENTITY.change_id,
        )
        mail = received(contents, identity=identity)
        ids.add(mail["Message-ID"])
        assert mail["In-Reply-To"] == mail["References"] == announcement

    assert len(ids) == 4


def test_identifiers_and_links_stay_whole_however_long_the_domain_is() -> None:
    domain = ".".join(["a-department-with-a-long-name"] * 6) + ".example"
    letterhead = Letterhead(company="MIBNtech", sender=Mailbox.read(f"privacy@{domain}"))
    reminder = Reminder(change=examples.ADDED, notice=GENERAL)
    mails = [
        compose(reminder, "a@b.example", letterhead=letterhead, identity=IDENTITY, at=AT),
        compose(
            EVERY_KIND[0],
            "a@b.example",
            letterhead=letterhead,
            identity=IDENTITY,
            at=AT,
            unsubscribe_url=UNSUBSCRIBE,
        ),
    ]

    raw = b"".join(mail.as_bytes() for mail in mails)

    assert f"References: {mails[0]['References']}\r\n".encode() in raw
    assert f"In-Reply-To: {mails[0]['References']}\r\n".encode() in raw
    assert f"List-Unsubscribe: <{UNSUBSCRIBE}>\r\n".encode() in raw
    assert f"List-Id: <changes.{domain}>\r\n".encode() in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_names_and_titles_in_any_script_arrive() -> None:
    letterhead = Letterhead(
        company="Société Générale d\u2019Hébergement 株式会社",
        sender=Mailbox.read("Société d\u2019Hébergement, Vie privée <privacy@mibntech.example>"),
    )
    change = examples.named("Пример ООО, 株式会社サンプル, " + "Długa Nazwa " * 30)

    mail = received(Announcement(change=change), letterhead=letterhead)

    assert mail["From"].addresses[0].display_name == letterhead.sender.name
    assert mail["Subject"].startswith("Пример ООО, 株式会社サンプル")
    assert len(mail["Subject"]) <= 180
    assert letterhead.company in text(mail)


# Addresses that are none


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@client.example",
        "ada@client",
        "ada@client.example\r\nBcc: eve@evil.example",
        "ada@client.example\nBcc: eve@evil.example",
        "ada\r\n@client.example",
        "ada@client.example, eve@evil.example",
        "ada@client.example eve@evil.example",
        "Ada <ada@client.example>",
        "<ada@client.example>",
        '"ada lovelace"@client.example',
        '"ada@evil.example"@client.example',
        "ada(comment)@client.example",
        "ada@[127.0.0.1]",
        "ada@127.0.0.1",
        "ada@2130706433",
        "ada@client..example",
        "ada@client.example.",
        ".ada@client.example",
        "ada.@client.example",
        "ada..l@client.example",
        "ada@-client.example",
        "ada@client.example\x00",
        "ad\u00e4@client.example",
        "ada@client.example;",
        "ada@" + "a" * 64 + ".example",
        "a" * 65 + "@client.example",
        "ada@" + ".".join(["a" * 60] * 5),
        "ada%evil.example@",
        "eve@evil.example@client.example",
        "=?utf-8?q?eve=40evil.example?=@client.example",
        "=?utf-8?q?x?=@client.example",
    ],
)
def test_an_address_that_is_none_gets_no_mail(address: str) -> None:
    with pytest.raises(ValueError, match="address of mail|domain"):
        received(Announcement(change=examples.ADDED), address)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ada@client.example", "ada@client.example"),
        ("Ada.Lovelace+dpa@Client.Example", "Ada.Lovelace+dpa@client.example"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@例え.jp", "ada@xn--r8jz45g.jp"),
        ("o'hara_{x}@client.example", "o'hara_{x}@client.example"),
        ("a=b?c@client.example", "a=b?c@client.example"),
    ],
)
def test_an_address_is_written_with_its_domain_in_ascii(address: str, written: str) -> None:
    mail = received(Announcement(change=examples.ADDED), address)

    assert mail["To"].addresses[0].addr_spec == written


def test_moments_of_other_zones_are_dated_with_their_offset() -> None:
    assert (
        b"Date: Tue, 24 Nov 2026 10:00:00 +0100"
        in compose(
            EVERY_KIND[0],
            "a@b.example",
            letterhead=LETTERHEAD,
            identity=IDENTITY,
            at=AT,
        ).as_bytes()
    )
    assert AT.astimezone(UTC).hour == 9


def test_a_notice_that_comes_after_its_last_day_states_no_day_that_has_passed() -> None:
    general, specific = (replace(each, over=True) for each in (GENERAL, SPECIFIC))
    said = text(received(Announcement(change=examples.ADDED, notice=general)))
    assert "You may object" not in said
    assert "You could object until" in said
    assert "please give or refuse" not in text(received(Announcement(change=examples.ADDED, notice=specific)))
