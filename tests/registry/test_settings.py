"""Settings: what each variable means, and what is said about one that cannot be used."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from registry.channels.mail_servers import MailServer, Security
from registry.channels.mailboxes import Mailbox
from registry.settings import READERS, Settings, SettingsError


def test_with_no_variables_it_listens_on_loopback_and_keeps_its_data_in_the_home_directory() -> None:
    settings = Settings.load({"HOME": "/home/ada", "PATH": "/usr/bin"})

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.data_dir == Path("/home/ada/.local/share/onward")
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.time_zone == ZoneInfo("Europe/Brussels")
    assert settings.database_url is None


def test_the_data_directory_follows_the_xdg_base_directory() -> None:
    settings = Settings.load({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"})

    assert settings.data_dir == Path("/data/onward")


def test_the_public_address_follows_the_port_until_it_is_set() -> None:
    assert Settings.load({"ONWARD_PORT": "9001"}).public_url == "http://127.0.0.1:9001"


def test_the_public_address_loses_its_last_slash() -> None:
    settings = Settings.load({"ONWARD_PUBLIC_URL": "https://list.example.com/dpa/"})

    assert settings.public_url == "https://list.example.com/dpa"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.load({"ONWARD_PORT": "", "DATABASE_URL": ""}).port == 8000


def test_a_moment_keeps_its_offset() -> None:
    settings = Settings.load({"ONWARD_NOW": "2026-11-24T00:30:00+01:00"})

    assert settings.now is not None
    assert settings.now.astimezone(UTC) == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)


def test_every_variable_sets_a_field_of_its_own() -> None:
    fields = [field for field, _ in READERS.values()]

    assert sorted(fields) == sorted(Settings.__struct_fields__)


@pytest.mark.parametrize(
    ("unknown", "known"),
    [
        ("ONWARD_PROT", "ONWARD_PORT"),
        ("ONWARD_DATADIR", "ONWARD_DATA_DIR"),
        ("ONWARD_TIMEZONE", "ONWARD_TIME_ZONE"),
        ("ONWARD_NOTICE", "ONWARD_NOTICE_DAYS"),
    ],
)
def test_an_unknown_variable_is_an_error_that_names_the_nearest_known_one(unknown: str, known: str) -> None:
    with pytest.raises(SettingsError, match=f"^{unknown} is set.* Did you mean {known}[?]"):
        Settings.load({unknown: "1"})


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("ONWARD_PORT", "http", "write a whole number from 1 to 65535"),
        ("ONWARD_PORT", "0", "write a whole number from 1 to 65535"),
        ("ONWARD_PORT", "٨", "write a whole number from 1 to 65535"),
        ("ONWARD_NOTICE_DAYS", "-1", "write a whole number from 0 to 365"),
        ("ONWARD_TIME_ZONE", "Brussels", "write a name of the tz database"),
        ("ONWARD_TIME_ZONE", "../../etc/passwd", "write a name of the tz database"),
        ("ONWARD_NOW", "yesterday", "write a moment with its offset"),
        ("ONWARD_NOW", "2026-11-24T09:00:00", "it has no offset from UTC"),
        ("ONWARD_PUBLIC_URL", "list.example.com", "write the address under which readers reach it"),
        ("ONWARD_PUBLIC_URL", "https://a.example/?x=1", "write the address under which readers reach it"),
        ("ONWARD_HOST", "a b", "write one address or host name to listen on"),
        ("ONWARD_SECOND_PERSON", "no", "write on or off"),
        ("ONWARD_RATE_LIMIT", "60", "this version limits nothing; write off"),
        ("ONWARD_PUBLIC_LIST", "none", "this version publishes names; write names"),
        ("ONWARD_WEBHOOK_ALLOW", "10.0.0.1/8", "write one such as 10.1.0.0/16"),
        ("ONWARD_WEBHOOK_TIMEOUT", "0", "write a whole number from 1 to 300"),
        ("ONWARD_RETRY_SCHEDULE", "often", "write pauses such as 30s, 10m, 4h or 2d"),
        ("ONWARD_MAIL_FROM", "Privacy", "write one address such as privacy@example.com"),
        ("ONWARD_MAIL_FROM", "a@b.example\r\nBcc: c@d.example", "it has line ends"),
        ("ONWARD_SMTP_URL", "mail.example.com", "write smtp://USER:PASSWORD@HOST:587"),
        ("ONWARD_SMTP_URL", "http://mail.example.com", "write smtp://USER:PASSWORD@HOST:587"),
        ("ONWARD_SMTP_URL", "smtp://ada@mail.example.com", "a login is a user and a password"),
        ("ONWARD_SMTP_URL", "smtp+plain://ada:x@mail.example.com", "never sent without TLS"),
        ("DATABASE_URL", "mysql://localhost/x", "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_remedy(variable: str, value: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.load({variable: value})

    assert variable in str(error.value)
    assert remedy in str(error.value)


def test_a_password_in_a_refused_database_address_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.load({"DATABASE_URL": "mysql://ada:secret@localhost/x"})

    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        "smtp+plain://ada:secret@mail.example.com",
        "smtp://ada:secret@mail example",
        "smtp://ada:secret@mail.example.com:99999",
        "smtp://ada:secret@[mail.example.com",
        "smtp://ada:secret@m\u2100il.example.com",
        "https://ada:secret@mail.example.com",
    ],
)
def test_a_password_in_a_refused_address_of_a_mail_server_is_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.load({"ONWARD_SMTP_URL": address, "ONWARD_MAIL_FROM": "a@b.example"})

    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "security", "port"),
    [
        ("smtp://mail.example.com", Security.STARTTLS, 587),
        ("smtps://mail.example.com", Security.TLS, 465),
        ("smtp+plain://mail.example.com", Security.PLAIN, 25),
        ("smtp://mail.example.com:2525", Security.STARTTLS, 2525),
    ],
)
def test_the_scheme_of_a_mail_server_says_how_the_connection_is_secured(
    address: str, security: Security, port: int
) -> None:
    server = MailServer.read(address)

    assert (server.security, server.host, server.port) == (security, "mail.example.com", port)


def test_the_login_of_a_mail_server_is_percent_decoded_and_never_printed() -> None:
    settings = Settings.load(
        {
            "ONWARD_SMTP_URL": "smtp://ada%40example.com:p%40ss%2Fword@mail.example.com",
            "ONWARD_MAIL_FROM": "Example Privacy <privacy@example.com>",
        }
    )

    assert settings.smtp is not None
    assert (settings.smtp.user, settings.smtp.password) == ("ada@example.com", "p@ss/word")
    assert "p@ss" not in repr(settings)
    assert settings.mail_from == Mailbox("Example Privacy", "privacy@example.com")


def test_mail_without_a_sender_is_refused() -> None:
    with pytest.raises(SettingsError, match="set ONWARD_MAIL_FROM to an address whose mail is read"):
        Settings.load({"ONWARD_SMTP_URL": "smtp://mail.example.com"})
