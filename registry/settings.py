"""What the operator sets: ``ONWARD_…`` variables and ``DATABASE_URL``, read once at start."""

from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from registry.channels.allowances import Allowances
from registry.channels.mail_servers import MailServer
from registry.channels.mailboxes import Mailbox
from registry.channels.schedules import DEFAULT as DEFAULT_SCHEDULE
from registry.channels.schedules import Schedule
from transfers.codes import canonical, require_known

LONGEST_NAME = 200


class SettingsError(Exception):
    """A variable cannot be used: which, why, and what to write instead."""


class Settings(Struct, frozen=True, kw_only=True):
    """The settings of one process.

    ``data_dir`` is where the embedded PostgreSQL lives, if one is used. ``public_url`` begins every
    address that is written anywhere, without a slash at its end. ``now`` starts the clock at a moment
    of one's choice. ``name`` and ``country`` describe the processor whose register it is, when it is
    first started; the country is that of its establishment, from which it exports data. ``law`` is a file of
    law data of the operator's own, whose records are added to those that come with Onward or supersede them.
    Without ``second_person`` the one who drafted a change may publish it too.
    ``webhook_allow`` is what webhooks and published lists may be fetched from besides public addresses;
    ``webhook_timeout`` is in seconds. Without ``smtp`` no mail is sent.
    """

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    time_zone: ZoneInfo = ZoneInfo("Europe/Brussels")
    now: datetime | None = None
    name: str = "Our company"
    country: str = "BE"
    database_url: str | None = None
    key: str | None = None
    law: Path | None = None
    notice_days: int = 30
    second_person: bool = True
    public_list: str = "names"
    rate_limit: str = "off"
    max_body_bytes: int = 10_000_000
    max_batch_bytes: int = 64_000_000
    feed_max_age: int = 900
    webhook_allow: Allowances = Allowances()
    webhook_timeout: int = 20
    retry_schedule: Schedule = Schedule.read(DEFAULT_SCHEDULE)
    smtp: MailServer | None = None
    mail_from: Mailbox | None = None

    @property
    def law_files(self) -> tuple[Path, ...]:
        """What the law is read from, besides what comes with Onward."""
        return () if self.law is None else (self.law,)

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables; an empty one counts as not set."""
        given = {name: value for name, value in environ.items() if value and _is_ours(name)}
        for name in given:
            if name not in READERS:
                raise SettingsError(_unknown(name))
        fields: dict[str, Any] = {READERS[name][0]: _read(name, value) for name, value in given.items()}
        fields.setdefault("data_dir", _default_data_dir(environ))
        fields.setdefault("public_url", f"http://127.0.0.1:{fields.get('port', 8000)}")
        if "smtp" in fields and "mail_from" not in fields:
            raise SettingsError(
                "ONWARD_SMTP_URL is set, but mail has no sender: set ONWARD_MAIL_FROM to an address whose mail "
                "is read, such as Example Privacy <privacy@example.com>."
            )
        return cls(**fields)


def _is_ours(name: str) -> bool:
    return name.startswith("ONWARD_") or name == "DATABASE_URL"


def _unknown(name: str) -> str:
    near = get_close_matches(name, READERS, n=1, cutoff=0.0)[0]
    known = ", ".join(sorted(READERS))
    return f"{name} is set, but Onward knows no such variable. Did you mean {near}? It knows {known}."


def _read(name: str, value: str) -> object:
    try:
        return READERS[name][1](value)
    except ValueError as error:
        shown = "what it is" if name in SECRETS else repr(value)
        raise SettingsError(f"{name} cannot be {shown}: {error}.") from error


def _default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where the XDG base directory specification puts a user's data."""
    home = Path(environ.get("HOME") or Path.home())
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share").absolute() / "onward"


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
            raise ValueError(f"write a whole number from {lowest} to {highest}")
        return int(value)

    return read


def _name(value: str) -> str:
    if not value.isprintable() or not 1 <= len(value.strip()) <= LONGEST_NAME:
        raise ValueError("write the legal name of the company whose register it is, in one line")
    return value.strip()


def _country(value: str) -> str:
    code = value.strip().upper()
    require_known(code)
    return canonical(code)


def _one_of(*choices: str, because: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"{because}; write {' or '.join(choices)}")
        return value

    return read


def _switch(value: str) -> bool:
    if value not in {"on", "off"}:
        raise ValueError("write on or off")
    return value == "on"


def _host(value: str) -> str:
    if any(character in value for character in " /@[]"):
        raise ValueError("write one address or host name to listen on, such as 127.0.0.1 or 0.0.0.0")
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _public_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(
            "write the address under which readers reach it, such as https://sub-processors.example.com"
        )
    return value.rstrip("/")


def _time_zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("write a name of the tz database, such as Europe/Brussels") from error


def _moment(value: str) -> datetime:
    remedy = "write a moment with its offset, such as 2026-11-24T09:00:00+01:00"
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError(remedy) from error
    if moment.tzinfo is None:
        raise ValueError(f"it has no offset from UTC; {remedy}")
    return moment


def _database_url(value: str) -> str:
    if urlsplit(value).scheme not in {"postgresql", "postgres"}:
        raise ValueError("write postgresql://USER:PASSWORD@HOST:PORT/DATABASE")
    return value


# Never printed: they hold passwords and keys.
SECRETS = {"DATABASE_URL", "ONWARD_KEY", "ONWARD_SMTP_URL"}

# Each variable, the field it sets, and how its text is read.
READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "DATABASE_URL": ("database_url", _database_url),
    "ONWARD_COUNTRY": ("country", _country),
    "ONWARD_DATA_DIR": ("data_dir", _path),
    "ONWARD_FEED_MAX_AGE": ("feed_max_age", _number(0, 86_400)),
    "ONWARD_HOST": ("host", _host),
    "ONWARD_KEY": ("key", str),
    "ONWARD_LAW": ("law", _path),
    "ONWARD_MAIL_FROM": ("mail_from", Mailbox.read),
    "ONWARD_MAX_BATCH_BYTES": ("max_batch_bytes", _number(1_000, 1_000_000_000)),
    "ONWARD_MAX_BODY_BYTES": ("max_body_bytes", _number(1_000, 1_000_000_000)),
    "ONWARD_NAME": ("name", _name),
    "ONWARD_NOTICE_DAYS": ("notice_days", _number(0, 365)),
    "ONWARD_NOW": ("now", _moment),
    "ONWARD_PORT": ("port", _number(1, 65_535)),
    "ONWARD_PUBLIC_LIST": ("public_list", _one_of("names", because="this version publishes names")),
    "ONWARD_PUBLIC_URL": ("public_url", _public_url),
    "ONWARD_RATE_LIMIT": ("rate_limit", _one_of("off", because="this version limits nothing")),
    "ONWARD_RETRY_SCHEDULE": ("retry_schedule", Schedule.read),
    "ONWARD_SMTP_URL": ("smtp", MailServer.read),
    "ONWARD_SECOND_PERSON": ("second_person", _switch),
    "ONWARD_TIME_ZONE": ("time_zone", _time_zone),
    "ONWARD_WEBHOOK_ALLOW": ("webhook_allow", Allowances.read),
    "ONWARD_WEBHOOK_TIMEOUT": ("webhook_timeout", _number(1, 300)),
}
