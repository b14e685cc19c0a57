"""Settings: what each variable means, and what is said about one that cannot be used."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

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
        ("ONWARD_RATE_LIMIT", "60", "this version limits nothing; write off"),
        ("ONWARD_PUBLIC_LIST", "none", "this version publishes names; write names"),
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
