"""Reading delivery-status notifications: which mail, whose address, and whether for good."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.formats.bounces import Bounce, bounces, split
from tests.registry.formats import notifications
from tests.registry.formats.notifications import MESSAGE_ID, notification


def test_a_failure_names_the_mail_the_address_as_we_wrote_it_and_the_reason() -> None:
    assert bounces(notifications.POSTFIX) == (
        Bounce(
            message_id=MESSAGE_ID,
            recipient="ada@client.example",
            permanent=True,
            text="5.1.1 550 5.1.1 <ada@mailbox.client.example>: Recipient address rejected: User unknown",
        ),
    )


def test_line_ends_of_the_wire_are_read_as_well() -> None:
    assert bounces(notifications.POSTFIX.replace(b"\n", b"\r\n")) == bounces(notifications.POSTFIX)


def test_a_mail_that_is_returned_whole_is_recognised() -> None:
    [bounce] = bounces(notifications.EXCHANGE)

    assert (bounce.message_id, bounce.recipient) == (MESSAGE_ID, "ada@client.example")


def test_a_delay_is_not_for_good() -> None:
    [bounce] = bounces(notifications.DELAYED)

    assert not bounce.permanent
    assert "Connection timed out" in bounce.text


def test_a_server_that_has_given_up_failed_for_good_whatever_its_status_says() -> None:
    [bounce] = bounces(notifications.GIVEN_UP)

    assert bounce.permanent


@pytest.mark.parametrize(
    "message",
    [
        notifications.DELIVERED,
        notifications.RELAYED,
        notifications.ANSWER,
        notifications.READ_RECEIPT,
        b"",
        b"\x00\xff\xfe",
        b"Content-Type: multipart/report; boundary=x\n\n--x\n",
        b"Content-Type: multipart/report\n\nno parts",
        b"Content-Type: message/delivery-status\n\nAction: failed\n",
    ],
)
def test_what_tells_of_no_failure_is_none(message: bytes) -> None:
    assert bounces(message) == ()


def test_each_recipient_is_told_of_by_itself() -> None:
    found = bounces(notifications.TWO)

    assert [each.recipient for each in found] == ["ada@client.example", "grace@client.example"]
    assert all(each.permanent for each in found)


def test_the_message_id_of_the_notification_is_not_taken_for_that_of_our_mail() -> None:
    [bounce] = bounces(
        notification("\nFinal-Recipient: rfc822; a@b.example\nAction: failed\n", returned="X: y\n")
    )

    assert bounce.message_id is None
    assert bounce.text == "failed"


@pytest.mark.parametrize("recipient", ["x400; /S=ada/", "rfc822;", "rfc822; ada", "", "rfc822; <>"])
def test_a_recipient_that_is_no_address_is_left_open(recipient: str) -> None:
    [bounce] = bounces(notification(f"\nFinal-Recipient: {recipient}\nAction: failed\nStatus: 5.0.0\n"))

    assert bounce.recipient is None
    assert bounce.message_id == MESSAGE_ID


def test_what_a_server_says_is_one_short_line() -> None:
    said = "smtp; " + "no\x07\tno " * 500
    [bounce] = bounces(notification(f"\nAction: failed\nDiagnostic-Code: {said}\n"))

    assert len(bounce.text) == 500
    assert bounce.text.isprintable()


@pytest.mark.parametrize("around", [b"multipart/report; boundary=b%d", b"message/rfc822; x=b%d"])
def test_parts_within_parts_without_end_are_no_notification(around: bytes) -> None:
    nested = b"".join(
        b"Content-Type: " + around % number + b"\n\n--b%d\n" % number for number in range(3_000)
    )

    assert bounces(nested) == ()


@given(st.binary(max_size=300), st.integers(0, len(notifications.POSTFIX)))
def test_whatever_is_put_into_a_notification_it_is_read_or_not(noise: bytes, where: int) -> None:
    bounces(notifications.POSTFIX[:where] + noise + notifications.POSTFIX[where:])


def test_a_mailbox_is_parted_into_its_messages() -> None:
    mailbox = b"".join(
        b"From MAILER-DAEMON Tue Nov 24 10:00:01 2026\n" + message.replace(b"\nFrom ", b"\n>From ") + b"\n"
        for message in (notifications.POSTFIX, notifications.ANSWER, notifications.TWO)
    )

    parts = list(split(mailbox))

    assert len(parts) == 3
    assert [len(bounces(part)) for part in parts] == [1, 0, 2]


def test_one_message_is_one_part() -> None:
    assert list(split(notifications.POSTFIX)) == [notifications.POSTFIX]
    assert list(split(b"")) == [b""]


def test_a_line_of_text_that_begins_with_from_parts_nothing() -> None:
    mailbox = b"From a@b.example Tue Nov 24 10:00:01 2026\nSubject: x\n\nFrom now on we pay\n>From here\n"

    assert list(split(mailbox)) == [b"Subject: x\n\nFrom now on we pay\nFrom here\n"]
