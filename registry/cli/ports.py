"""The port a server listens on: free, and nobody else's until it ends."""

import errno
import socket

from registry.settings import Settings, SettingsError


def claim(settings: Settings) -> tuple[str, socket.socket]:
    """The numeric address to listen on, and a claim to its port that holds while it is open.

    The server shares its port among its own processes (SO_REUSEPORT), so a second Onward would share it too,
    unnoticed, and readers would get one register or the other. The claim is a name that only one can have.
    """
    address = _resolve(settings)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    taken = SettingsError(
        f"Port {settings.port} on {address} is in use by another program. Stop it, or name another port by "
        f"ONWARD_PORT or --port."
    )
    held = socket.socket(socket.AF_UNIX)
    try:
        held.bind(f"\0onward:{settings.port}")
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # As every server does: connections that have just ended are no reason to wait.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, settings.port))
            probe.listen()
    except OSError as error:
        held.close()
        if error.errno == errno.EADDRINUSE:
            raise taken from error
        if error.errno == errno.EACCES:
            raise SettingsError(
                f"Port {settings.port} is for root alone. Name one from 1024 up by ONWARD_PORT or --port."
            ) from error
        raise SettingsError(
            f"{address} is no address of this machine ({error.strerror}). Name one by ONWARD_HOST or --host: "
            f"127.0.0.1 for this machine alone, 0.0.0.0 for all its networks."
        ) from error
    return address, held


def _resolve(settings: Settings) -> str:
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise SettingsError(
            f"ONWARD_HOST is {settings.host!r}, which is no address and no known name ({error.strerror})."
        ) from error
    return str(found[0][4][0])
