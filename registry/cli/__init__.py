"""The command line: ``onward COMMAND``.

A module of commands has ``register(subparsers)``, which adds its parsers and sets ``run`` on each: a function
that takes the parsed arguments and returns an exit code, or None for 0.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version

import asyncpg

from migrations import MigrationError
from registry.cli import assess, deliveries, exports, imports, keys, law, reassess, serve, watch
from registry.database import ServerError
from registry.embedded import EmbeddedError
from registry.errors import RegistryError
from registry.settings import SettingsError
from transfers.errors import LawDataError

# What a person can mend: the message says how, and a traceback would hide it.
MENDABLE = (SettingsError, EmbeddedError, ServerError, MigrationError, RegistryError, LawDataError)

CUT_OFF = 141
"""The exit code of programs whose reader went away, as shells count it: 128 and the number of SIGPIPE."""

MODULES = (serve, keys, imports, exports, deliveries, assess, law, reassess, watch)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when it could not, 2 when it was not understood."""
    parsed = parser().parse_args(arguments)
    try:
        code: int | None = parsed.run(parsed)
        # What is written at the end may be wanted by nobody any more: that is found out here, not on the way out.
        sys.stdout.flush()
    except MENDABLE as error:
        return complain(str(error))
    except (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError) as error:
        return complain(
            f"The connection to the database was lost: {error}. Start again; nothing is half done."
        )
    except asyncpg.InsufficientResourcesError as error:
        return complain(
            f"The database has no room left: {error}. Nothing was written. Give it room, and run this again."
        )
    except OSError as error:
        return cut_off() if isinstance(error, BrokenPipeError) else complain(f"{error}.")
    except KeyboardInterrupt:
        return complain("Stopped.")
    return code or 0


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="onward",
        description="The register of sub-processors and international transfers. Settings are ONWARD_… variables "
        "and DATABASE_URL; the README lists them.",
    )
    top.add_argument("--version", action="version", version=f"onward {version('onward')}")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in MODULES:
        module.register(subparsers)
    return top


def cut_off() -> int:
    """The reader of what is written has what it wants, as after `| head -1`: end in silence."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CUT_OFF


def complain(message: str) -> int:
    """Say on standard error what went wrong, and return the exit code for it."""
    print(f"onward: {message}", file=sys.stderr)
    return 1
