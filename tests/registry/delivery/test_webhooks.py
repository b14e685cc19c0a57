"""Webhooks: what a receiver with the standard's own library verifies, and what its answers mean."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID, uuid4

import jsonschema_rs
import msgspec
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

import openapi
from registry.channels.allowances import Allowances
from registry.delivery import webhooks
from registry.delivery.calls import Answer
from registry.delivery.guard import Guard
from registry.delivery.outcomes import Outcome, Result
from registry.resources.changes import Difference, Effect, PublishedChange
from registry.resources.webhooks import WebhookBody, WebhookNotice, WebhookType
from tests.registry.delivery import examples
from tests.registry.delivery.receivers import OK, Answering, Receiver, always, answer, hang, receiving

AT = datetime(2026, 11, 24, 10, 0, 30, 999_999, tzinfo=UTC)
NOTICE = WebhookNotice(
    client_id=uuid4(),
    authorisation="general",
    state="open",
    objection_until=date(2026, 12, 24),
    objections_url="https://list.example.com/v1/changes/1/objections",
)


async def deliver(
    receiver: Receiver,
    content: bytes,
    *signing: str,
    delivery_id: UUID | None = None,
    timeout: float = 20,
) -> Outcome:
    """Make one attempt, as the worker does."""
    async with Guard(Allowances.read(f"http://127.0.0.1:{receiver.port}"), timeout) as guard:
        return await webhooks.send(
            guard,
            f"http://127.0.0.1:{receiver.port}/hook",
            delivery_id=delivery_id or uuid4(),
            at=datetime.now(UTC),  # noqa: TID251 - the library compares with the machine's clock.
            content=content,
            signing=signing or [webhooks.new_secret()],
        )


# What is signed


async def test_the_library_of_the_standard_verifies_what_is_received() -> None:
    secret, delivery_id = webhooks.new_secret(), uuid4()
    content = webhooks.body(WebhookType.PUBLISHED, AT, examples.ADDED, NOTICE)
    async with receiving(OK) as receiver:
        outcome = await deliver(receiver, content, secret, delivery_id=delivery_id)

    [asked] = receiver.asked
    verified = Webhook(secret).verify(asked.body.decode(), asked.headers)
    assert verified["type"] == "change.published"
    assert asked.headers["webhook-id"] == str(delivery_id)
    assert asked.headers["content-type"] == "application/json"
    assert outcome == Outcome(result=Result.ACCEPTED, status=204, text="Answered 204.")


async def test_while_a_secret_is_replaced_both_verify_and_no_other() -> None:
    old, new = webhooks.new_secret(), webhooks.new_secret()
    content = webhooks.body(WebhookType.PUBLISHED, AT, examples.ADDED)
    async with receiving(OK) as receiver:
        await deliver(receiver, content, new, old)

    [asked] = receiver.asked
    for secret in (old, new):
        Webhook(secret).verify(asked.body.decode(), asked.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(webhooks.new_secret()).verify(asked.body.decode(), asked.headers)


@pytest.mark.parametrize("offset", [-11, 0, 14])
def test_the_moment_that_is_signed_is_the_same_in_every_time_zone(offset: int) -> None:
    elsewhere = AT.astimezone(tz=datetime.strptime(f"{offset:+03d}00", "%z").tzinfo)

    headers = webhooks.headers(uuid4(), elsewhere, b"{}", [webhooks.new_secret()])

    assert headers["webhook-timestamp"] == str(int(AT.timestamp()))


def test_the_example_of_the_specification_has_the_signature_that_it_says() -> None:
    signed = webhooks._signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}',
    )

    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_long_and_never_the_same() -> None:
    made = {webhooks.new_secret() for _ in range(100)}

    assert len(made) == 100
    assert all(each.startswith("whsec_") for each in made)
    assert {len(base64.b64decode(each.removeprefix("whsec_"), validate=True)) for each in made} == {32}


# What is sent


def test_the_body_is_the_public_change_with_the_clients_own_notice_beside_it() -> None:
    content = json.loads(webhooks.body(WebhookType.PUBLISHED, AT, examples.ADDED, NOTICE))

    assert set(content) == {"type", "timestamp", "data", "notice", "journal", "whole"}
    assert content["data"] == json.loads(msgspec.json.encode(examples.ADDED))
    assert content["timestamp"] == "2026-11-24T10:00:30.999999Z"
    assert content["notice"]["objection_until"] == "2026-12-24"
    assert content["whole"] is True


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("changePublished", webhooks.body(WebhookType.PUBLISHED, AT, examples.ADDED, NOTICE)),
        ("changeReminder", webhooks.body(WebhookType.REMINDER, AT, examples.MOVED, NOTICE)),
        ("changeOutcome", webhooks.body(WebhookType.OUTCOME, AT, examples.WITHDRAWN)),
    ],
)
def test_a_body_is_as_the_contract_says(name: str, content: bytes) -> None:
    contract = json.loads(Path(openapi.__file__).with_name("openapi.json").read_bytes())
    webhook = contract["webhooks"][name]["post"]
    schema = webhook["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema_rs.Draft202012Validator(schema | {"components": contract["components"]})

    assert [error.message for error in validator.iter_errors(json.loads(content))] == []
    assert [error.message for error in validator.iter_errors({"type": "change.published"})] != []
    sent = webhooks.headers(uuid4(), AT, content, [webhooks.new_secret()])
    assert {parameter["name"] for parameter in webhook["parameters"]} < set(sent)


def many_parts(number: int, differences: int, text: str = "x") -> PublishedChange:
    [part] = examples.ADDED.parts
    each = Difference(path=("uses", "mail"), label="place", old=None, new=text, effect=Effect.WIDENS)
    wide = msgspec.structs.replace(part, differences=(each,) * differences)
    return msgspec.structs.replace(examples.ADDED, parts=(wide,) * number, reason="é" * 20_000)


@pytest.mark.parametrize(
    ("change", "parts"),
    [(many_parts(1, 1_000), 0), (msgspec.structs.replace(many_parts(3, 200), reason="r"), 3)],
    ids=["long reason", "many differences"],
)
def test_a_long_change_is_shortened_and_says_so(change: PublishedChange, parts: int) -> None:
    content = webhooks.body(WebhookType.PUBLISHED, AT, change, NOTICE)
    read = msgspec.json.decode(content, type=WebhookBody)

    assert len(content) <= 20_000
    assert not read.whole
    assert len(read.data.parts) == parts
    assert all(part.differences == () for part in read.data.parts)
    assert (read.data.id, read.data.url) == (change.id, change.url)


# What an answer means


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.ACCEPTED),
        (201, Result.ACCEPTED),
        (202, Result.ACCEPTED),
        (204, Result.ACCEPTED),
        (299, Result.ACCEPTED),
        (101, Result.LATER),
        (301, Result.LATER),
        (302, Result.LATER),
        (304, Result.LATER),
        (307, Result.LATER),
        (400, Result.LATER),
        (401, Result.LATER),
        (404, Result.LATER),
        (408, Result.LATER),
        (409, Result.LATER),
        (410, Result.NEVER),
        (429, Result.LATER),
        (500, Result.LATER),
        (502, Result.LATER),
        (503, Result.LATER),
        (504, Result.LATER),
    ],
)
def test_only_2xx_is_success_and_only_410_is_for_good(status: int, result: Result) -> None:
    outcome = webhooks.outcome(Answer(status=status), AT)

    assert (outcome.result, outcome.status) == (result, status)
    assert str(status) in outcome.text


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        (format_datetime(AT.replace(microsecond=0) + timedelta(hours=2), usegmt=True), timedelta(hours=2)),
        ("0", timedelta(0)),
        ("86400000000000000000", timedelta(days=1)),
        (format_datetime(AT + timedelta(days=400), usegmt=True), timedelta(days=1)),
        (format_datetime(AT - timedelta(days=1), usegmt=True), None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٥", None),
        ("", None),
    ],
)
def test_retry_after_is_honoured_in_seconds_and_as_a_date_up_to_a_day(
    status: int, retry_after: str, wait: timedelta | None
) -> None:
    outcome = webhooks.outcome(Answer(status=status, headers={"retry-after": retry_after}), AT)

    asked = outcome.not_before and outcome.not_before - AT.replace(
        microsecond=0 if "GMT" in retry_after and wait != timedelta(days=1) else AT.microsecond
    )
    assert asked == wait


def test_what_a_receiver_says_is_kept_in_one_short_line() -> None:
    outcome = webhooks.outcome(Answer(status=500, body=b"No\x00\r\n\x1b[31m room\xff" + b"!" * 1_000), AT)

    assert outcome.text.startswith("Answered 500: No [31m room")
    assert len(outcome.text) < 250
    assert outcome.text.isprintable()


@pytest.mark.parametrize(
    ("answering", "said"),
    [
        (always(answer("302 Found", "Location: http://127.0.0.1/")), "redirects are not followed"),
        (always(b"SSH-2.0-OpenSSH\r\n\r\n"), "could not be asked"),
        (hang, "no answer within 0.2 seconds"),
    ],
)
async def test_whatever_goes_wrong_is_an_outcome_that_is_tried_again(answering: Answering, said: str) -> None:
    async with receiving(answering) as receiver:
        outcome = await deliver(receiver, b"{}", timeout=0.2)

    assert outcome.result is Result.LATER
    assert said in outcome.text


async def test_an_address_that_may_not_be_called_is_an_outcome_too() -> None:
    async with Guard(Allowances(), 5) as guard:
        outcome = await webhooks.send(
            guard,
            "https://127.0.0.1/",
            delivery_id=uuid4(),
            at=AT,
            content=b"{}",
            signing=[webhooks.new_secret()],
        )

    assert outcome.result is Result.LATER
    assert "ONWARD_WEBHOOK_ALLOW" in outcome.text


def test_what_concerns_the_client_gives_way_before_the_change_does() -> None:
    """The whole change says it too."""
    part = msgspec.structs.replace(examples.ADDED.parts[0], name="x" * (webhooks.LONGEST_BODY // 2))
    long = msgspec.structs.replace(examples.ADDED, parts=(part,))
    notice = msgspec.structs.replace(NOTICE, concerns=(part,))
    read = msgspec.json.decode(webhooks.body(WebhookType.PUBLISHED, AT, long, notice), type=WebhookBody)

    assert (read.whole, read.data.parts) == (True, (part,))
    assert read.notice is not None
    assert read.notice.concerns == ()
