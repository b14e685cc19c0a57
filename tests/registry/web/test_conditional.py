"""Entity tags and If-Match."""

from typing import Any, cast

import pytest
from litestar import Request

from registry.errors import PreconditionFailedError, PreconditionRequiredError
from registry.web.conditional import etag, is_fresh, require_if_match

TAG = etag("thing", 3)


def asking(**headers: str) -> Request[Any, Any, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request(cast("Any", {"type": "http", "headers": raw, "path": "/", "method": "GET"}))


@pytest.mark.parametrize("given", [TAG, f'"x", {TAG}', "*", f'{TAG}, "y,z"'])
def test_a_write_passes_with_the_tag_of_what_is_there(given: str) -> None:
    require_if_match(asking(if_match=given), TAG)


@pytest.mark.parametrize("given", ['"x"', f"W/{TAG}", TAG.strip('"'), "W/*"])
def test_a_write_fails_with_another_tag_and_with_a_weak_one(given: str) -> None:
    with pytest.raises(PreconditionFailedError, match="changed since"):
        require_if_match(asking(if_match=given), TAG)


def test_a_write_without_if_match_is_told_to_send_it() -> None:
    with pytest.raises(PreconditionRequiredError, match="If-Match"):
        require_if_match(asking(), TAG)


def test_reading_compares_weakly() -> None:
    assert is_fresh(asking(if_none_match=f"W/{TAG}"), TAG)
    assert not is_fresh(asking(if_none_match='"x"'), TAG)
    assert not is_fresh(asking(), TAG)


def test_a_tag_depends_on_every_part() -> None:
    assert len({etag("a", 1), etag("a", 2), etag("b", 1), etag("a1"), etag("a", "1", "")}) == 5
    assert etag("a", 1) == etag("a", 1)
