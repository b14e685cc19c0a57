"""What the processes of the server say on standard error: one line for each thing that a person may mend."""

import logging
import sys


def begin() -> None:
    """Say warnings and errors as Onward's own words."""
    logging.basicConfig(level=logging.WARNING, format="onward: %(message)s", stream=sys.stderr)
    # It tells, with its whole stack, of every attempt to reach a database that is away; we say that ourselves.
    logging.getLogger("asyncpg").setLevel(logging.ERROR)
