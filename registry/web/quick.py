"""Single assessments in their plain form: answered before the framework is asked.

A verdict takes a few microseconds, and the framework's way from a request to its handler ten times that. What
is not plain goes that way: another type or coding of the body, a key, a query, a body that is too long, facts
that do not fit, or a day that cannot be judged. So nothing is refused here, and all errors are told in one place.
"""

from typing import Any

import msgspec
from litestar.datastructures import State
from litestar.types import HTTPScope, Receive, Send

import transfers
from registry.web.bodies import END_OF_TIME
from transfers.errors import UnsupportedError
from transfers.facts import Facts

PATH = "/v1/assessments"
TYPE = (b"content-type", b"application/json")
ASKING_MORE = frozenset({b"authorization", b"content-encoding", b"transfer-encoding"})

_facts = msgspec.json.Decoder(Facts)
_encoder = msgspec.json.Encoder()


class QuickAssessments:
    """Answers what can be answered at once; ``headers`` are those of every answer there."""

    def __init__(self, state: State, headers: list[tuple[bytes, bytes]]) -> None:
        self._law = state.law
        self._clock = state.clock
        self._most = state.settings.max_body_bytes
        self._headers = [TYPE, *headers]

    async def answered(self, scope: HTTPScope, receive: Receive, send: Send) -> Receive | None:
        """Answer and return nothing; or return what the framework is to receive, from the beginning."""
        if not _is_plain(scope):
            return receive
        received: list[Any] = []
        body = b""
        more = True
        while more:  # A server may send the end of a body by itself.
            message: Any = await receive()
            received.append(message)
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if message["type"] != "http.request" or len(body) > self._most:
                return _again(received, receive)
        answer = self._answer(body)
        if answer is None:
            return _again(received, receive)
        length = (b"content-length", str(len(answer)).encode())
        headers: Any = [*self._headers, length]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer, "more_body": False})
        return None

    def _answer(self, body: bytes) -> bytes | None:
        if END_OF_TIME in body:
            return None
        try:
            facts = _facts.decode(body)
            return _encoder.encode(transfers.assess(facts, self._law, facts.as_of or self._clock.today()))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, UnsupportedError):
            return None


def _is_plain(scope: HTTPScope) -> bool:
    if scope["query_string"]:
        return False
    typed = False
    for pair in scope["headers"]:
        name = pair[0]
        if name == TYPE[0]:
            if pair[1] != TYPE[1]:
                return False
            typed = True
        elif name in ASKING_MORE:
            return False
    return typed


def _again(received: list[Any], receive: Receive) -> Receive:
    """What was received comes once more, and then the rest."""
    waiting = received[::-1]

    async def again() -> Any:
        return waiting.pop() if waiting else await receive()

    return again
