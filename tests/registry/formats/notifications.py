"""Delivery-status notifications in the forms that mail servers give them, about mails of ours."""

MESSAGE_ID = "<ffe9fc28-5810-56cd-b7f2-d79fbb85142c@mibntech.example>"


def notification(
    status: str,
    returned: str = f"Message-ID: {MESSAGE_ID}\nSubject: Fjord SMS AS is added\n",
    returned_as: str = "text/rfc822-headers",
) -> bytes:
    """A notification with these groups of fields, about this mail."""
    return (
        "From: MAILER-DAEMON@mail.client.example (Mail Delivery System)\n"
        "To: privacy@mibntech.example\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Message-Id: <20261124100001.ABCDEF@mail.client.example>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n'
        "\n"
        "This is a MIME-encapsulated message.\n"
        "\n--b1\n"
        "Content-Description: Notification\n"
        "Content-Type: text/plain; charset=us-ascii\n"
        "\nI'm sorry to have to inform you that your message could not be delivered.\n"
        "\n--b1\n"
        "Content-Description: Delivery report\n"
        "Content-Type: message/delivery-status\n"
        f"\n{status}"
        "\n--b1\n"
        f"Content-Type: {returned_as}\n"
        f"\n{returned}"
        "\n--b1--\n"
    ).encode()


POSTFIX = notification(
    """\
Reporting-MTA: dns; mail.client.example
X-Postfix-Queue-ID: ABCDEF
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; ada@mailbox.client.example
Original-Recipient: rfc822;ada@client.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mailbox.client.example
Diagnostic-Code: smtp; 550 5.1.1 <ada@mailbox.client.example>: Recipient
    address rejected: User unknown
"""
)

DELAYED = notification(
    """\
Reporting-MTA: dns; mail.client.example

Final-Recipient: rfc822; ada@client.example
Action: delayed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mailbox.client.example: Connection timed out
Will-Retry-Until: Sun, 29 Nov 2026 10:00:00 +0000 (UTC)
"""
)

GIVEN_UP = DELAYED.replace(b"Action: delayed", b"Action: failed")
DELIVERED = DELAYED.replace(b"Action: delayed", b"Action: delivered").replace(b"4.4.1", b"2.0.0")
RELAYED = DELAYED.replace(b"Action: delayed", b"Action: relayed").replace(b"4.4.1", b"2.0.0")

# Exchange returns the whole mail, and writes no Original-Recipient.
EXCHANGE = notification(
    """\
Reporting-MTA: dns;AM0PR01.eurprd01.prod.outlook.example

Final-Recipient: rfc822;ada@client.example
Action: failed
Status: 5.4.1
Diagnostic-Code: smtp;550 5.4.1 Recipient address rejected: Access denied.
""",
    returned=f"From: privacy@mibntech.example\nMessage-ID: {MESSAGE_ID}\n"
    "Content-Type: text/plain\n\nFjord SMS AS is added\n",
    returned_as="message/rfc822",
)

TWO = notification(
    """\
Reporting-MTA: dns; mail.client.example

Final-Recipient: rfc822; ada@client.example
Action: failed
Status: 5.2.2

Final-Recipient: rfc822; grace@client.example
Action: FAILED (mailbox gone)
Status: 5.1.1 (bad destination mailbox address)
"""
)

ANSWER = (
    b"From: ada@client.example\r\nTo: privacy@mibntech.example\r\nAuto-Submitted: auto-replied\r\n"
    b"In-Reply-To: " + MESSAGE_ID.encode() + b"\r\n\r\nI am away until Monday. Action: failed\r\n"
)

READ_RECEIPT = POSTFIX.replace(
    b"report-type=delivery-status", b"report-type=disposition-notification"
).replace(b"message/delivery-status", b"message/disposition-notification")
