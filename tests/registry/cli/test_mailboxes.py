"""Where messages are read from: a file, standard input, a Maildir."""

import io
import sys
from pathlib import Path

import pytest

from registry.cli.mailboxes import messages
from registry.errors import InvalidError


def test_a_file_holds_one_message_or_many(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"Subject: one\n\n1\n")
    (tmp_path / "many").write_bytes(
        b"From a Tue Nov 24 10:00:01 2026\nSubject: one\n\nFrom b Tue Nov 24 10:00:02 2026\nSubject: two\n\n"
    )

    assert list(messages(str(tmp_path / "one"))) == [b"Subject: one\n\n1\n"]
    assert list(messages(str(tmp_path / "many"))) == [b"Subject: one\n\n", b"Subject: two\n\n"]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Subject: one\n\n")))

    assert list(messages("-")) == [b"Subject: one\n\n"]


def test_a_maildir_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    for folder, name in (("new", "1"), ("cur", "2:2,S"), ("tmp", "3")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(f"Subject: {name}\n\n".encode())

    assert list(messages(str(tmp_path))) == [b"Subject: 1\n\n", b"Subject: 2:2,S\n\n"]
    assert (tmp_path / "new" / "1").exists()


def test_what_is_no_mailbox_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="name a file, a Maildir, or - for standard input"):
        list(messages(str(tmp_path / "nothing")))
    with pytest.raises(InvalidError, match="is no Maildir"):
        list(messages(str(tmp_path)))
