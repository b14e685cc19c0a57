"""Mail as it is received by a real server: secured, with a login, one recipient at a time."""

import asyncio
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import quote
from uuid import uuid4

import pytest

from registry.channels.mail_servers import MailServer
from registry.channels.mailboxes import Mailbox
from registry.delivery.mail import Mailer
from registry.delivery.mails import Identity, Letterhead, compose
from registry.delivery.outcomes import Result
from registry.resources.letters import Announcement
from tests.registry.delivery import examples
from tests.registry.delivery.postoffice import PASSWORD, USER, open_office, trusting
from tests.registry.delivery.receivers import hang, receiving

LETTERHEAD = Letterhead(
    company="MIBNtech", sender=Mailbox.read("MIBNtech Privacy <privacy@mibntech.example>")
)
LOGIN = f"{USER}:{quote(PASSWORD, safe='')}@"


def mail(to: str = "ada@client.example") -> EmailMessage:
    return compose(
        Announcement(change=examples.ADDED),
        to,
        letterhead=LETTERHEAD,
        identity=Identity(delivery_id=uuid4(), subscription_id=uuid4(), change_id=examples.ADDED.id),
        at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
    )


async def test_mail_is_secured_by_starttls_and_sent_with_a_login() -> None:
    async with (
        open_office(starttls=True, login=True) as office,
        Mailer(office.server("smtp", LOGIN), tls=trusting()) as mailer,
    ):
        outcome = await mailer.send(mail("Ada.Lovelace+dpa@b\u00fccher.example"))

    assert (outcome.result, outcome.status) == (Result.ACCEPTED, 250)
    assert "Queued as 4711" in outcome.text
    assert office.secured == [True]
    assert office.envelopes == [("privacy@mibntech.example", ["Ada.Lovelace+dpa@xn--bcher-kva.example"])]
    assert office.greetings[-1] == "mibntech.example"


async def test_mail_is_sent_over_tls_from_the_start() -> None:
    async with open_office(tls=True) as office, Mailer(office.server("smtps"), tls=trusting()) as mailer:
        outcome = await mailer.send(mail())

    assert outcome.result is Result.ACCEPTED
    assert len(office.received) == 1


async def test_mail_is_sent_in_the_clear_only_where_that_is_asked_for() -> None:
    async with open_office() as office, Mailer(office.server("smtp+plain")) as mailer:
        outcome = await mailer.send(mail())

    assert outcome.result is Result.ACCEPTED
    assert office.secured == [False]


async def test_without_starttls_on_the_server_nothing_is_said_in_the_clear() -> None:
    async with open_office() as office, Mailer(office.server("smtp", LOGIN), tls=trusting()) as mailer:
        outcome = await mailer.send(mail())

    assert outcome.result is Result.LATER
    assert "STARTTLS" in outcome.text
    assert office.received == []


@pytest.mark.parametrize(("scheme", "secured"), [("smtp", {"starttls": True}), ("smtps", {"tls": True})])
async def test_a_certificate_of_nobody_known_ends_it(scheme: str, secured: dict[str, bool]) -> None:
    async with open_office(**secured) as office, Mailer(office.server(scheme)) as mailer:
        outcome = await mailer.send(mail())

    assert outcome.result is Result.LATER
    assert "certificate" in outcome.text.lower()
    assert office.received == []


async def test_a_wrong_login_is_our_fault_not_the_mails() -> None:
    async with (
        open_office(starttls=True, login=True) as office,
        Mailer(office.server("smtp", f"{USER}:wrong@"), tls=trusting()) as mailer,
    ):
        outcome = await mailer.send(mail())

    assert (outcome.result, outcome.status) == (Result.LATER, 535)
    assert "wrong" not in outcome.text


@pytest.mark.parametrize(
    ("command", "refusal", "result"),
    [
        ("RCPT", "550 5.1.1 No such mailbox", Result.NEVER),
        ("RCPT", "551 User not local", Result.NEVER),
        ("RCPT", "450 4.2.1 Mailbox busy", Result.LATER),
        ("RCPT", "452 4.5.3 Too many recipients", Result.LATER),
        ("RCPT", "550 5.7.1 We do not take mail from you", Result.LATER),
        ("RCPT", "530 5.7.0 Must log in", Result.LATER),
        ("RCPT", "530 Must log in", Result.LATER),
        ("MAIL", "550 5.1.8 Bad sender", Result.LATER),
        ("MAIL", "451 4.3.0 Try later", Result.LATER),
        ("DATA", "554 5.6.0 Content refused", Result.NEVER),
        ("DATA", "451 4.3.2 System full", Result.LATER),
    ],
)
async def test_only_a_lasting_refusal_of_recipient_or_mail_is_for_good(
    command: str, refusal: str, result: Result
) -> None:
    async with open_office() as office:
        office.refusals = {command: refusal}
        async with Mailer(office.server("smtp+plain")) as mailer:
            refused = await mailer.send(mail())
            office.refusals = {}
            accepted = await mailer.send(mail())

    assert (refused.result, refused.status) == (result, int(refusal[:3]))
    assert refusal[4:] in refused.text
    assert accepted.result is Result.ACCEPTED


async def test_a_connection_is_used_for_many_mails() -> None:
    async with open_office() as office, Mailer(office.server("smtp+plain")) as mailer:
        for number in range(5):
            await mailer.send(mail(f"reader{number}@client.example"))

    assert office.connections == 1
    assert [recipients for _, recipients in office.envelopes] == [
        [f"reader{number}@client.example"] for number in range(5)
    ]


async def test_many_mails_at_once_share_a_few_connections() -> None:
    async with open_office() as office, Mailer(office.server("smtp+plain")) as mailer:
        outcomes = await asyncio.gather(*(mailer.send(mail()) for _ in range(40)))

    assert {outcome.result for outcome in outcomes} == {Result.ACCEPTED}
    assert len(office.received) == 40
    assert office.connections <= 4


async def test_a_connection_that_the_server_closed_in_between_is_made_anew() -> None:
    async with open_office() as office, Mailer(office.server("smtp+plain")) as mailer:
        await mailer.send(mail())
        office.drop()
        outcome = await mailer.send(mail())

    assert outcome.result is Result.ACCEPTED
    assert office.connections == 2


async def test_a_server_that_is_not_there_or_says_nothing_is_tried_again_later() -> None:
    async with receiving(hang) as silent:
        server = MailServer.read(f"smtp+plain://127.0.0.1:{silent.port}")
        async with Mailer(server, timeout=0.2) as mailer:
            hung = await mailer.send(mail())
    async with Mailer(server) as mailer:
        gone = await mailer.send(mail())

    assert (hung.result, gone.result) == (Result.LATER, Result.LATER)


async def test_lines_that_begin_with_a_dot_or_are_long_arrive_as_they_are() -> None:
    text = ".\n..\nFrom here on\n" + "long " * 400 + "\nΩ \U0001f4e8"
    change = examples.with_reason(text)
    async with open_office() as office, Mailer(office.server("smtp+plain")) as mailer:
        await mailer.send(
            compose(
                Announcement(change=change),
                "ada@client.example",
                letterhead=LETTERHEAD,
                identity=Identity(delivery_id=uuid4(), subscription_id=uuid4(), change_id=change.id),
                at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
            )
        )

    [received] = office.received
    assert max(map(len, received.split(b"\r\n"))) <= 78
    assert received.isascii()
    plain = office.mails[0].get_body(("plain",))
    assert plain is not None
    assert " ".join(text.split()) in " ".join(plain.get_content().split())
