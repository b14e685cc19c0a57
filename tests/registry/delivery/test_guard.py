"""The guard: what is never called, and what is called as it should be."""

import asyncio
import socket
import ssl
from collections.abc import Sequence

import pytest

from registry.channels.allowances import Allowances
from registry.delivery.calls import RefusedError, TimedOutError, TooLongError, UnreachableError
from registry.delivery.connecting import REFUSED, Resolve
from registry.delivery.connections import MOST_IDLE
from registry.delivery.guard import BODY_KEPT, Guard
from tests.registry.delivery import receivers
from tests.registry.delivery.receivers import NAME, OK, Asked, Receiver, always, answer, receiving

NOBODY = Allowances()
PUBLIC = "93.184.216.34"


def leading_to(*addresses: str) -> Resolve:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


async def unknown(_host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


async def never(_host: str, _port: int) -> Sequence[str]:
    raise AssertionError("this name is not to be asked for")


def allowing(receiver: Receiver, *, timeout: float = 20, resolve: Resolve | None = None) -> Guard:
    """A guard that may call loopback on the receiver's port, and resolves every name to it."""
    return Guard(
        Allowances.read(f"127.0.0.0/8:{receiver.port},http://127.0.0.0/8:{receiver.port}"),
        timeout,
        resolve=resolve or leading_to("127.0.0.1"),
        tls=receivers.trusting(),
    )


def loopback(receiver: Receiver) -> Allowances:
    return Allowances.read(f"http://127.0.0.1:{receiver.port}")


# What is never called


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - nothing is bound to it.
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
    ],
)
async def test_an_address_that_is_not_public_is_not_called(address: str) -> None:
    async with Guard(NOBODY, 5, resolve=leading_to(address)) as guard:
        with pytest.raises(RefusedError, match=REFUSED[:40]):
            await guard.post(f"https://{NAME}/", b"{}", {})
        with pytest.raises(RefusedError, match=REFUSED[:40]):
            await guard.check_url(f"https://{NAME}/")


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
async def test_a_public_address_passes(address: str) -> None:
    async with Guard(NOBODY, 5, resolve=leading_to(address)) as guard:
        await guard.check_url(f"https://{NAME}/hook?x=1")


async def test_one_address_that_is_not_public_among_public_ones_is_enough_to_refuse() -> None:
    async with Guard(NOBODY, 5, resolve=leading_to(PUBLIC, "10.0.0.1")) as guard:
        with pytest.raises(RefusedError):
            await guard.post(f"https://{NAME}/", b"{}", {})


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.0.0.1:443/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::127.0.0.1]/",
        "https://127.1/",
        "https://127.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://127.0.0.0x1/",
        "https://\u2460\u2461\u2466.0.0.1/",
        "https://\uff11\uff12\uff17.0.0.1/",
        "https://127\u30020\u30020\u30021/",
        "https://[fe80::1%25lo]/",
        "https://[fe80::1%lo]/",
        "https://%31%32%37.0.0.1/",
        "https://127.0.0.1%00.example.com/",
        "https://0/",
    ],
)
async def test_an_address_in_whatever_notation_is_not_called_and_nobody_is_asked_for_it(url: str) -> None:
    async with Guard(NOBODY, 5, resolve=never) as guard:
        with pytest.raises(RefusedError):
            await guard.post(url, b"{}", {})
        with pytest.raises(RefusedError):
            await guard.check_url(url)


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "https://hooks.example.com:8443/"])
async def test_nobody_is_asked_for_a_name_that_is_not_called_anyway(url: str) -> None:
    async with Guard(NOBODY, 5, resolve=never) as guard:
        with pytest.raises(RefusedError, match=REFUSED[:40]):
            await guard.post(url, b"{}", {})
        with pytest.raises(RefusedError, match=REFUSED[:40]):
            await guard.check_url(url)


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LOCALHOST", "ip6-localhost"])
async def test_names_of_this_machine_are_not_called(name: str) -> None:
    async with Guard(NOBODY, 5) as guard:
        with pytest.raises(RefusedError, match=REFUSED[:40]):
            await guard.check_url(f"https://{name}/")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.com/", REFUSED[:40]),
        ("https://hooks.example.com:8443/", REFUSED[:40]),
        ("https://hooks.example.com:80/", REFUSED[:40]),
        ("ftp://hooks.example.com/", "does not begin with https://"),
        ("hooks.example.com", "does not begin with https://"),
        ("//hooks.example.com/", "does not begin with https://"),
        ("file:///etc/passwd", "does not begin with https://"),
        ("https://", "Its host cannot be read"),
        ("https:///hook", "Its host cannot be read"),
        ("https://hooks.example.com:/", "is no port"),
        ("https://hooks.example.com:0/", "is no port"),
        ("https://hooks.example.com:65536/", "is no port"),
        ("https://hooks.example.com:443@127.0.0.1/", "user name or password"),
        ("https://ada:secret@hooks.example.com/", "user name or password"),
        ("https://hooks.example.com/#part", "fragment"),
        ("https://hooks.example.com#@127.0.0.1/", "user name or password"),
        ("https://hooks.example.com/a b", "percent-encoded"),
        ("https://hooks.example.com/\r\nX: y", "percent-encoded"),
        ("https://hooks.example.com\\@127.0.0.1/", "user name or password"),
        ("https://hooks.example.com\\.evil/", "Its host cannot be read"),
        ("https://hooks_example.com/", "Its host cannot be read"),
        ("https://-hooks.example.com/", "Its host cannot be read"),
        (f"https://{'a' * 64}.example.com/", "Its host cannot be read"),
        (f"https://hooks.example.com/{'a' * 2_000}", "longer than 2000"),
        (" https://hooks.example.com/", "does not begin with https://"),
        ("https://hooks.example.com/\n", "percent-encoded"),
    ],
)
async def test_an_address_of_another_form_is_refused_in_words(url: str, said: str) -> None:
    async with Guard(NOBODY, 5, resolve=leading_to(PUBLIC)) as guard:
        with pytest.raises(RefusedError) as refused:
            await guard.check_url(url)
        with pytest.raises(RefusedError):
            await guard.post(url, b"{}", {})

    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


async def test_whether_a_name_exists_on_our_own_network_is_not_told() -> None:
    said = set()
    for resolve in (unknown, leading_to("10.0.0.1"), leading_to("127.0.0.1", PUBLIC), leading_to()):
        async with Guard(NOBODY, 5, resolve=resolve) as guard:
            with pytest.raises(RefusedError) as refused:
                await guard.check_url("https://wiki.internal/")
            said.add(str(refused.value))
            with pytest.raises(RefusedError) as refused:
                await guard.get("https://wiki.internal/", {}, 100)
            said.add(str(refused.value))

    assert said == {REFUSED}


async def test_a_name_that_changes_between_check_and_connection_does_not_get_us_elsewhere() -> None:
    """The connection goes to the address that was checked: the name is asked for once, and never again."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"], ["127.0.0.3"]])

    async def changing(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    async with (
        receiving(OK, receivers.certificate()) as receiver,
        allowing(receiver, resolve=changing) as guard,
    ):
        assert (await guard.post(receiver.url(), b"{}", {})).status == 204

    assert next(answers) == ["127.0.0.2"]


async def test_a_name_that_was_public_and_is_not_any_more_is_refused_at_the_next_connection() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])

    async def changing(_host: str, _port: int) -> Sequence[str]:
        return next(answers)

    async with Guard(NOBODY, 5, resolve=changing) as guard:
        await guard.check_url(f"https://{NAME}/")
        with pytest.raises(RefusedError):
            await guard.post(f"https://{NAME}/", b"{}", {})


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving(OK) as proxy, receiving(OK, receivers.certificate()) as receiver:
        for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        async with allowing(receiver) as guard:
            await guard.post(receiver.url(), b"{}", {})

    assert proxy.connections == 0
    assert receiver.connections == 1


# What is called


async def test_tls_and_host_keep_the_name_while_the_connection_goes_to_the_address() -> None:
    async with receiving(OK, receivers.certificate()) as receiver, allowing(receiver) as guard:
        await guard.post(receiver.url(path="/hook?x=%20"), b'{"a":1}', {"webhook-id": "1"})

    [asked] = receiver.asked
    assert asked.line == "POST /hook?x=%20 HTTP/1.1"
    assert asked.name_in_tls == NAME
    assert asked.headers["host"] == f"{NAME}:{receiver.port}"
    assert asked.headers["webhook-id"] == "1"
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.body == b'{"a":1}'


async def test_an_international_name_is_called_in_its_ascii_form() -> None:
    tls = receivers.certificate("xn--bcher-kva.example")
    async with receiving(OK, tls) as receiver, allowing(receiver) as guard:
        await guard.post(receiver.url("B\u00dcCHER.example"), b"{}", {})

    assert receiver.asked[0].name_in_tls == "xn--bcher-kva.example"
    assert receiver.asked[0].headers["host"] == f"xn--bcher-kva.example:{receiver.port}"


async def test_a_certificate_of_another_name_is_not_good_enough() -> None:
    async with (
        receiving(OK, receivers.certificate("other.example.com")) as receiver,
        allowing(receiver) as guard,
    ):
        with pytest.raises(UnreachableError, match="certificate"):
            await guard.post(receiver.url(), b"{}", {})

    assert receiver.asked == []


async def test_a_certificate_of_nobody_known_is_not_good_enough() -> None:
    async with receiving(OK, receivers.certificate()) as receiver:
        allow = Allowances.read(f"{NAME}:{receiver.port}")
        async with Guard(allow, 20, resolve=leading_to("127.0.0.1")) as guard:
            with pytest.raises(UnreachableError, match="certificate"):
                await guard.post(receiver.url(), b"{}", {})

    assert receiver.asked == []


async def test_a_redirect_is_answered_not_followed() -> None:
    async with receiving(OK) as inside:
        moved = always(answer("302 Found", f"Location: http://127.0.0.1:{inside.port}/"))
        async with receiving(moved, receivers.certificate()) as receiver, allowing(receiver) as guard:
            answered = await guard.get(receiver.url(), {}, 1_000)

    assert answered.status == 302
    assert inside.connections == 0


async def test_a_connection_is_used_again() -> None:
    async with receiving(OK, receivers.certificate()) as receiver, allowing(receiver) as guard:
        for _ in range(5):
            await guard.post(receiver.url(), b"{}", {})

    assert (len(receiver.asked), receiver.connections) == (5, 1)


async def test_a_connection_whose_answer_had_a_body_is_used_again() -> None:
    talkative = always(answer("200 OK", body=b"x" * 10_000))
    async with receiving(talkative, receivers.certificate()) as receiver, allowing(receiver) as guard:
        answers = [await guard.post(receiver.url(), b"{}", {}) for _ in range(3)]

    assert receiver.connections == 1
    assert {(len(each.body), each.whole) for each in answers} == {(BODY_KEPT, False)}


async def test_a_connection_that_the_server_closed_in_between_is_made_anew() -> None:
    closed = asyncio.Event()

    async def once(writer: asyncio.StreamWriter, _asked: Asked) -> None:
        writer.write(answer("200 OK"))
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with receiving(once) as receiver, allowing(receiver) as guard:
        for _ in range(3):
            closed.clear()
            assert (await guard.post(receiver.url(scheme="http"), b"{}", {})).status == 200
            await closed.wait()

    assert receiver.connections == 3


async def test_of_connections_to_many_endpoints_the_oldest_make_room() -> None:
    names = [f"hooks{number}.example.com" for number in range(MOST_IDLE + 1)]
    async with receiving(OK) as receiver, allowing(receiver) as guard:
        for name in [*names, names[-1], names[0]]:
            await guard.post(receiver.url(name, scheme="http"), b"{}", {})

    assert receiver.connections == len(names) + 1


async def test_calls_at_once_to_one_endpoint_each_have_a_connection() -> None:
    async with receiving(OK) as receiver, allowing(receiver) as guard:
        for _ in range(2):
            await asyncio.gather(
                *(guard.post(receiver.url(scheme="http"), b"%d" % number, {}) for number in range(20))
            )

    assert sorted(int(asked.body) for asked in receiver.asked) == sorted([*range(20)] * 2)
    assert receiver.connections <= 20


async def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    async with (
        receiving(OK, receivers.certificate(), host="127.0.0.5") as receiver,
        allowing(receiver, resolve=leading_to("127.0.0.4", "127.0.0.5")) as guard,
    ):
        assert (await guard.post(receiver.url(), b"{}", {})).status == 204


async def test_what_the_operator_lists_is_called_without_tls() -> None:
    async with receiving(OK) as receiver, Guard(loopback(receiver), 20) as guard:
        await guard.post(f"http://127.0.0.1:{receiver.port}/", b"{}", {})
        with pytest.raises(RefusedError):
            await guard.post(f"https://127.0.0.1:{receiver.port}/", b"{}", {})
        with pytest.raises(RefusedError):
            await guard.post("http://127.0.0.1:1/", b"{}", {})

    assert len(receiver.asked) == 1


async def test_a_server_that_is_not_there_is_unreachable() -> None:
    async with receiving(OK) as receiver:
        pass
    async with allowing(receiver) as guard:
        with pytest.raises(UnreachableError):
            await guard.post(receiver.url(), b"{}", {})


# Limits of time


@pytest.mark.parametrize("tls", [None, receivers.certificate()], ids=["plain", "tls"])
async def test_a_server_that_says_nothing_is_given_up(tls: ssl.SSLContext | None) -> None:
    async with receiving(receivers.hang, tls) as receiver, allowing(receiver, timeout=0.2) as guard:
        scheme = "https" if tls else "http"
        with pytest.raises(TimedOutError, match="0.2 seconds"):
            await guard.post(receiver.url(scheme=scheme), b"{}", {})


async def test_a_server_that_never_finishes_its_handshake_is_given_up() -> None:
    async with receiving(receivers.hang) as receiver, allowing(receiver, timeout=0.2) as guard:
        with pytest.raises(TimedOutError):
            await guard.post(receiver.url(), b"{}", {})


async def test_a_name_whose_server_never_answers_is_given_up() -> None:
    async def silent(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return ()

    async with Guard(NOBODY, 0.2, resolve=silent) as guard:
        with pytest.raises(TimedOutError):
            await guard.post(f"https://{NAME}/", b"{}", {})
        with pytest.raises(RefusedError):
            await guard.check_url(f"https://{NAME}/")


def dripping(head: bytes, drop: bytes) -> receivers.Answering:
    async def drip(writer: asyncio.StreamWriter, _asked: Asked) -> None:
        writer.write(head)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.01)

    return drip


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    ],
    ids=["headers", "one header", "interim answers"],
)
async def test_headers_that_drip_without_end_are_given_up(head: bytes, drop: bytes) -> None:
    async with receiving(dripping(head, drop)) as receiver, allowing(receiver, timeout=0.3) as guard:
        with pytest.raises(TimedOutError):
            await guard.post(receiver.url(scheme="http"), b"{}", {})


async def test_a_document_that_drips_without_end_is_given_up() -> None:
    drip = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x")
    async with receiving(drip) as receiver, allowing(receiver, timeout=0.3) as guard:
        with pytest.raises(TimedOutError):
            await guard.get(receiver.url(scheme="http"), {}, 200_000)


async def test_a_status_counts_even_if_its_body_drips_without_end() -> None:
    drip = dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x")
    async with receiving(drip) as receiver, allowing(receiver, timeout=0.5) as guard:
        answered = await guard.post(receiver.url(scheme="http"), b"{}", {})

    assert (answered.status, answered.whole) == (200, False)


async def test_calls_that_hang_do_not_hold_up_others() -> None:
    async with receiving(receivers.hang) as silent, receiving(OK) as receiver:
        allow = Allowances.read("http://127.0.0.1:*")
        async with Guard(allow, 20) as guard:
            hanging = [
                asyncio.create_task(guard.post(f"http://127.0.0.1:{silent.port}/", b"{}", {}))
                for _ in range(150)
            ]
            await silent.received(len(hanging))
            answered = await guard.post(f"http://127.0.0.1:{receiver.port}/", b"{}", {})
            for each in hanging:
                each.cancel()
            await asyncio.gather(*hanging, return_exceptions=True)

    assert answered.status == 204


# Limits of size


async def send_without_end(writer: asyncio.StreamWriter, _asked: Asked) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
    for _ in range(1_000):
        writer.write(b"x" * 100_000)
        await writer.drain()


async def test_of_a_hundred_megabytes_only_the_beginning_is_read() -> None:
    async with receiving(send_without_end) as receiver, allowing(receiver) as guard:
        answered = await guard.post(receiver.url(scheme="http"), b"{}", {})
        with pytest.raises(TooLongError, match="1000000 bytes"):
            await guard.get(receiver.url(scheme="http"), {}, 1_000_000)

    assert (answered.status, len(answered.body), answered.whole) == (200, BODY_KEPT, False)


async def test_a_document_up_to_the_limit_is_whole() -> None:
    async with (
        receiving(always(answer("200 OK", body=b"x" * 5_000))) as receiver,
        allowing(receiver) as guard,
    ):
        answered = await guard.get(receiver.url(scheme="http"), {}, 5_000)
        with pytest.raises(TooLongError):
            await guard.get(receiver.url(scheme="http"), {}, 4_999)

    assert (answered.body, answered.whole) == (b"x" * 5_000, True)


async def test_a_flood_of_headers_is_no_answer() -> None:
    async def flood(writer: asyncio.StreamWriter, _asked: Asked) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            writer.write(b"X-%d: %s\r\n" % (number, b"y" * 1_000))
            await writer.drain()

    async with receiving(flood) as receiver, allowing(receiver) as guard:
        with pytest.raises(UnreachableError):
            await guard.post(receiver.url(scheme="http"), b"{}", {})


@pytest.mark.parametrize(
    "said",
    [
        b"220 mail.example.com ESMTP\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 999999 No\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA\x00: b\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    async def say(writer: asyncio.StreamWriter, _asked: Asked) -> None:
        writer.write(said)
        await writer.drain()
        writer.close()

    async with receiving(say) as receiver, allowing(receiver) as guard:
        with pytest.raises(UnreachableError):
            await guard.post(receiver.url(scheme="http"), b"{}", {})


async def test_a_server_that_closes_without_a_word_is_unreachable() -> None:
    async def close(writer: asyncio.StreamWriter, _asked: Asked) -> None:
        writer.close()

    async with receiving(close) as receiver, allowing(receiver) as guard:
        with pytest.raises(UnreachableError):
            await guard.post(receiver.url(scheme="http"), b"{}", {})
