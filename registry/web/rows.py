"""Rows that stream in, a line each, while their answers stream out, in memory that does not grow with them.

Many senders read nothing before all is sent. So what comes is read on while answers wait to be taken, and is kept
in a file meanwhile: otherwise both sides would wait for each other for ever.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any, Final, TypeVar

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import Receive, Scope, Send

from registry.errors import PayloadTooLargeError

T = TypeVar("T")

AT_ONCE: Final = 200
"""How many rows are handed on before others get their turn."""
PORTION: Final = 1_000_000
"""How many bytes are taken from the file at once, and from how many on there is a file at all."""
READ_AHEAD: Final = 256_000_000
"""How many bytes may wait for their answers; then nothing more is read until some are taken."""


class GoneError(Exception):
    """The sender went away before the end of its rows."""


class Lines:
    """The lines of a body, read ahead of those who take them."""

    def __init__(self, body: AsyncIterable[bytes], longest: int) -> None:
        self._body = body
        self._longest = longest
        self._file = SpooledTemporaryFile(max_size=PORTION)  # noqa: SIM115 - closed where the lines end
        self._read = self._written = 0
        self._ended = self._gone = False
        self._come, self._taken = asyncio.Event(), asyncio.Event()

    async def portions(self) -> AsyncGenerator[list[bytes] | None, None]:
        """Some lines at a time, without empty ones; None in the place of a line that is too long.

        Raises ``GoneError`` where the body breaks off.
        """
        filling = asyncio.create_task(self._fill())
        try:
            async for lines in self._lines():
                for line_or_lines in self._fitting(lines):
                    yield line_or_lines
        finally:
            filling.cancel()
            with suppress(asyncio.CancelledError):
                await filling
            self._file.close()

    async def _fill(self) -> None:
        try:
            async for chunk in self._body:
                while self._written - self._read > READ_AHEAD:
                    self._taken.clear()
                    await self._taken.wait()
                self._file.seek(self._written)
                self._file.write(chunk)
                self._written += len(chunk)
                self._come.set()
        except HTTPException:  # What the framework says of a sender that went away.
            self._gone = True
        finally:
            self._ended = True
            self._come.set()

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            if self._read == self._written:
                if self._gone:
                    raise GoneError
                if self._ended:
                    return
                self._come.clear()
                await self._come.wait()
                continue
            self._file.seek(self._read)
            chunk = self._file.read(PORTION)
            self._read += len(chunk)
            if self._read == self._written:  # Nothing waits, so the file begins anew.
                self._file.seek(0)
                self._file.truncate()
                self._read = self._written = 0
            self._taken.set()
            yield chunk

    async def _lines(self) -> AsyncIterator[list[bytes]]:
        """Whole lines; of one that is too long only as much as shows that it is."""
        rest = bytearray()
        async for chunk in self._chunks():
            first, *others = chunk.split(b"\n")
            rest += first[: self._longest + 1 - len(rest)]
            if others:
                lines = [bytes(rest), *others[:-1]]
                rest = bytearray(others[-1][: self._longest + 1])
                yield lines
        yield [bytes(rest)]

    def _fitting(self, lines: list[bytes]) -> Iterator[list[bytes] | None]:
        fit: list[bytes] = []
        for line in lines:
            if len(line) > self._longest:
                if fit:
                    yield fit
                    fit = []
                yield None
            elif line and not line.isspace():
                fit.append(line)
                if len(fit) == AT_ONCE:
                    yield fit
                    fit = []
        if fit:
            yield fit


async def whole(body: AsyncIterable[bytes], announced: int | None, longest: int) -> bytes:
    """The body as one; ``PayloadTooLargeError`` as soon as it is known to be longer than ``longest``."""
    if announced is not None and announced > longest:
        raise too_long(longest)
    read = bytearray()
    async for chunk in body:
        read += chunk
        if len(read) > longest:
            raise too_long(longest)
    return bytes(read)


def too_long(longest: int) -> PayloadTooLargeError:
    return PayloadTooLargeError(
        f"The array is longer than the {longest:,} bytes that this server reads (ONWARD_MAX_BATCH_BYTES). Send less at"
        " a time, or the rows as lines (application/x-ndjson), of which there may be any number."
    )


class Streamed(Response[T]):
    """Lines as they are made. The framework's own stream would take what is still to be read for its own."""

    def __init__(self, lines: AsyncGenerator[bytes, None], media_type: str) -> None:
        super().__init__(None, media_type=media_type)  # type: ignore[arg-type]
        self.lines = lines

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """What Litestar calls for what is sent: an ASGI app is all that it needs."""
        return self._send

    async def _send(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-type", str(self.media_type).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            async for made in self.lines:
                await send({"type": "http.response.body", "body": made, "more_body": True})
        except GoneError:
            return
        finally:
            await self.lines.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
