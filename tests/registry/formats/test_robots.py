"""robots.txt as RFC 9309 has it read."""

import pytest

from registry.formats.robots import READ, read


@pytest.mark.parametrize(
    ("lines", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /list", "/list.html", False),
        ("User-agent: *\nDisallow: /list", "/other", True),
        ("User-agent: *\nDisallow:", "/list", True),
        ("User-agent: *\nDisallow: /\nAllow: /legal/", "/legal/list", True),
        ("User-agent: *\nAllow: /legal\nDisallow: /legal/internal", "/legal/internal/list", False),
        ("User-agent: *\nDisallow: /page\nAllow: /page", "/page", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/list.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/list.pdf?page=1", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a-c-b", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a-b-c-d", False),
        ("User-agent: *\nDisallow: /*aa$", "/a", True),
        ("User-agent: *\nDisallow: /", "/list", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: onward\nAllow: /", "/list", True),
        ("User-agent: Onward/2.0\nDisallow: /list\n\nUser-agent: *\nDisallow:", "/list", False),
        ("User-agent: Onwards\nDisallow: /", "/list", True),
        (
            "User-agent: onward\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\nUser-agent: ONWARD\nDisallow: /b",
            "/b",
            False,
        ),
        ("User-agent: other\nUser-agent: onward\nDisallow: /", "/list", False),
        ("User-agent: onward\n\nUser-agent: *\nDisallow: /", "/list", False),
        ("User-agent: onward\nSitemap: https://x.example\nUser-agent: *\nDisallow: /", "/list", False),
        ("User-agent: *\nDisallow: /caf%C3%A9", "/café", False),
        ("User-agent: *\nDisallow: /~joe", "/%7Ejoe/list", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        ("\ufeffUser-agent: *\r\nDisallow : /list # ours", "/list", False),
        ("Disallow: /", "/list", True),
        ("<html>Not found</html>", "/list", True),
    ],
)
def test_the_longest_rule_of_the_group_for_us_decides(lines: str, path: str, *, allowed: bool) -> None:
    assert read(lines.encode(), "Onward").allow(path) is allowed


def test_what_is_behind_five_hundred_kibibytes_is_left_out() -> None:
    long = b"User-agent: *\nDisallow: /a\n" + b"#" * READ + b"\nDisallow: /b\n"

    rules = read(long, "Onward")

    assert (rules.allow("/a"), rules.allow("/b")) == (False, True)


@pytest.mark.parametrize(("text", "delay"), [("10", 10.0), ("0.5", 0.5), ("soon", 0.0), ("1e9", 0.0)])
def test_the_pause_between_requests_that_a_host_asks_for_is_read(text: str, delay: float) -> None:
    assert read(f"User-agent: *\nCrawl-delay: {text}\n".encode(), "Onward").delay == delay


def test_a_pattern_of_nothing_but_stars_takes_no_time() -> None:
    rules = read(b"User-agent: *\nDisallow: /" + b"*a" * 20_000 + b"$\n", "Onward")

    assert rules.allow("/" + "a" * 1_000 + "b")
