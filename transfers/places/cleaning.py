"""Text as it comes out of pages and spreadsheets, made plain: tags, entities, soft hyphens, footnote marks."""

import html
import re
import unicodedata

from transfers.places.readings import Doubt, Status

MAX_LENGTH = 20_000
"""Longer texts are no description of a place; their end is not read, which is a doubt."""

_BREAKING_TAG = re.compile(r"</?(?:div|p|br|li|ul|ol|tr|td|table|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>()]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)+/[^\s<>()]*", re.IGNORECASE)
_LINK_NOTE = re.compile(r"\((?:opens|öffnet)[^()]{0,60}\)", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SUPERSCRIPT = re.compile("[¹²³⁰⁴-⁹]")
_MARK = re.compile(r"[*†‡§]+|\[(?:\d{1,2}|[a-z])\]|(?<=\w)\s*\((?:\d{1,2}|[a-z])\)")
_QUESTION = re.compile("[?？¿]")
_GLUED_MARK = re.compile(r"(?<=\w)[a-z0-9]\)")
_PLACEHOLDER = re.compile(r"^[\[<{](?![/!]).*[\]>}]$")
_DASHES = re.compile("[\u2010\u2011\u2212]")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"'})
_UNMARKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})

FOOTNOTE = Doubt(Status.UNBOUNDED, "a footnote mark stands beside it, and the footnote may name other places")

QUESTION = Doubt(Status.UNKNOWN, "a question mark stands in it, so that none of its places is certain")


def plain(text: str) -> tuple[str, list[Doubt]]:
    """The text without markup and invisible characters, with the doubts that its marks raise."""
    doubts: list[Doubt] = []
    if len(text) > MAX_LENGTH:
        doubts.append(Doubt(Status.UNKNOWN, f"only the first {MAX_LENGTH} characters are read"))
        text = text[:MAX_LENGTH]
    if _PLACEHOLDER.match(text.strip()) and not _TAG.search(text):
        doubts.append(Doubt(Status.UNKNOWN, "it is a placeholder that nobody has filled in"))
    text = visible(text)
    if _SUPERSCRIPT.search(text) or _MARK.search(text) or _unopened(text):
        doubts.append(FOOTNOTE)
    text = _SUPERSCRIPT.sub("", text)
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _DASHES.sub("-", text)
    text = _LINK_NOTE.sub(" ", _LINK.sub(" ", text))
    text = _MARK.sub(" ", text)
    if _QUESTION.search(text):
        doubts.append(QUESTION)
    if _unopened(text):
        text = _GLUED_MARK.sub(" ", text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u00a0", " ")
    return text, doubts


def visible(text: str) -> str:
    """The text that a reader sees: no tags, entities, soft hyphens or characters without width."""
    text = _TAG.sub(" ", _BREAKING_TAG.sub("\n", _SCRIPT.sub(" ", text)))
    return _INVISIBLE.sub("", html.unescape(text).replace("\u2028", "\n"))


def has_markup(text: str) -> bool:
    """Whether `visible` takes tags, scripts or comments out of the text."""
    return bool(_SCRIPT.search(text) or _TAG.search(text))


def folded(word: str) -> str:
    """A word as it is compared: without case, accents and full stops."""
    decomposed = unicodedata.normalize("NFD", word.casefold().translate(_UNMARKED))
    bare = "".join(character for character in decomposed if not "\u0300" <= character <= "\u036f")
    return unicodedata.normalize("NFC", bare).replace(".", "").replace("'", "")


def _unopened(text: str) -> bool:
    """Whether a bracket closes that was never opened: a footnote's letter, glued to the word."""
    depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            return True
    return False
