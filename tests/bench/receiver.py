"""``python -m tests.bench.receiver``: answers every request with 204, as fast as this machine can, and says where."""

import asyncio
import re

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *([0-9]+)\r\n")


class Receiver(asyncio.Protocol):
    """One connection, which stays open."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.received = b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while True:
            head, separator, rest = self.received.partition(b"\r\n\r\n")
            found = LENGTH.search(head + b"\r\n")
            length = int(found[1]) if found else 0
            if not separator or len(rest) < length:
                return
            self.received = rest[length:]
            self.transport.write(ANSWER)


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Receiver, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
