"""The one place where text becomes fit for XML."""

import re

# Char of XML 1.0 (section 2.2); everything else, lone surrogates among it, has no way into a document at all.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Replace what XML cannot hold by U+FFFD, so that one bad character never breaks a whole feed."""
    return _FORBIDDEN.sub("\ufffd", text)


def web_address(text: str) -> str:
    """Return the address unchanged, or raise ``ValueError`` where it is not an http or https address.

    Feed readers follow links, so ``javascript:`` and its kind have no business in a feed; and a line that ends
    in the middle of an address would begin another property of a calendar.
    """
    if (
        re.fullmatch(r"https?://[^\s/?#\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*", text) is None
        or clean(text) != text
    ):
        message = f"A link in a feed starts with http:// or https://, but this one is {text!r}."
        raise ValueError(message)
    return text
