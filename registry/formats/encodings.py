"""Bytes into text: what encoding a file is in, read where that is certain and named where it is not.

A byte order mark or valid UTF-8 decides. Of the encodings without a mark only those are read of which the text
itself leaves no doubt; a wrong guess would garble names without anybody seeing it.
"""

import codecs
import re
import unicodedata

from msgspec import Struct

from registry.errors import Fault, InvalidError, Source

LOOKED_AT = 1000
"""Bytes that are looked at to tell UTF-16 without a byte order mark."""
SAMPLE = 20_000
"""Bytes by which an encoding that cannot be read is named."""
SURE_LETTERS = 4
"""Syllables or kana from which on Korean and Japanese are told from chance."""
ONE_SCRIPT = 0.8
"""The share of the letters beyond ASCII that must be of the script."""
FOREIGN_RUN = 3
"""So many letters beyond ASCII in a row are another alphabet, read as if it were the Latin one."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 (little endian)",
    "utf-16-be": "UTF-16 (big endian)",
    "utf-32-le": "UTF-32 (little endian)",
    "utf-32-be": "UTF-32 (big endian)",
    "cp1252": "Windows-1252",
    "cp949": "EUC-KR",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "mac_roman": "Mac Roman",
    "cp850": "DOS code page 850",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
}
_REMEDY = "Save it as CSV in UTF-8 and try again; guessing would garble names."
# What Western European text holds beyond ASCII; all else makes Windows-1252 unlikely.
_WESTERN = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿŒœ’‘‚“”„–—…•€£§°®©™«»·×¡¿ªº²³¹½\xa0\xad"
)
# Bytes that are one letter in Western and another in Central European text; the others agree.
_SAME_EAST_AND_WEST = frozenset("ÁÂÄÇÉËÍÎÓÔÖÚÜÝßáâäçéëíîóôöúüý")
_ONLY_WESTERN = re.compile(r"[àåÀÅ]|ñ[aeiouáéíóú]|Ñ[AEIOU]|[cC]œu|œuv|ões\b|ção")
_INSIDE_WORD = re.compile(r"[A-Za-zÀ-ÿ][“”„‚…•€£§°®©™«»·×¡¿ªº²³¹½–—¼¾][a-zà-ÿ]")
_CAPITAL_INSIDE = re.compile(r"[a-zà-ÿ][ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŠŽŸŒ][a-zà-ÿ]")
_RUN = re.compile(rf"[À-ÿŠšŽžŸŒœ]{{{FOREIGN_RUN},}}")
# UTF-8's two bytes of a Western letter, read one by one.
_MIXED = re.compile(r"[\xc2\xc3](?:[\xa0-\xbf]|[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])")
# Signs, capitals or another alphabet inside a word, as in the wrong encoding.
_JUMBLED = re.compile(
    r"[A-Za-z][^\x00-\x7f\w\s’'–—-][a-z]|[a-zа-яà-ÿ][À-ÖØ-ÞА-ЯŠŽŸŒ]|[A-Za-z][\u0370-\uffef]|[\u0370-\uffef][A-Za-z]"
)
_OTHERS = (
    ("cp1251", "CYRILLIC"),
    ("cp1250", "LATIN"),
    ("mac_roman", "LATIN"),
    ("cp850", "LATIN"),
    ("cp949", "HANGUL"),
    ("gb18030", "CJK"),
    ("big5", "CJK"),
)
"""What the message names, by how often lists come in it."""


class Decoded(Struct, frozen=True, kw_only=True):
    """A text and how it was written."""

    text: str
    encoding: str
    """As people call it: "UTF-8", "Windows-1252"."""
    note: str | None = None
    """What to look at where it was not UTF-8."""


def decoded(content: bytes, declared: str | None = None) -> Decoded:
    """The text of a file; `declared` is the charset that came with it, which never overrules what the bytes show.

    Raises `InvalidError`, naming the encoding that it seems to be and the row, where that is not certain.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content[len(mark) :], encoding, "its byte order mark says")
    wide = _wide(content)
    if wide is not None:
        return _strictly(content, wide, "every other byte is zero, so")
    try:
        return Decoded(text=content.decode("utf-8"), encoding="UTF-8")
    except UnicodeDecodeError as error:
        return _other(content, error, declared)


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: zero in every other byte, as text of mostly Latin letters has."""
    head = content[: LOOKED_AT & ~1]
    if head.count(0) * 3 <= len(head):
        return None
    odd, even = head[1::2].count(0), head[::2].count(0)
    if min(odd, even) * 10 > max(odd, even):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _strictly(content: bytes, encoding: str, why: str) -> Decoded:
    name = _NAMES[encoding]
    try:
        return Decoded(text=content.decode(encoding), encoding=name)
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"The list is broken: {why} {name}, but byte {error.start} is none of it. Save it as CSV in UTF-8 and try"
            " again."
        ) from error


def _other(content: bytes, error: UnicodeDecodeError, declared: str | None) -> Decoded:
    for encoding, certain in (("cp949", _is_korean), ("cp932", _is_japanese), ("euc_jp", _is_japanese)):
        text = _read(content, encoding)
        if text is not None and certain(text):
            return _said(text, encoding)
    text = _read(content, "cp1252")
    if text is not None and _is_western(text) and (_has_one_reading(text) or _names_western(declared)):
        return _said(text, "cp1252")
    row = content.count(b"\n", 0, error.start) + 1
    message = (
        f"Byte {content[error.start]:#04x} in line {row} is not UTF-8, so the list is in another encoding; it seems to"
        f" be {_seems(content[_start(content, error) :][:SAMPLE], text)}. {_REMEDY}"
    )
    raise InvalidError(message, [Fault(message=message, source=Source.ROW, row=row)]) from error


def _start(content: bytes, error: UnicodeDecodeError) -> int:
    """The beginning of the line with the first odd byte, from which on a sample tells the encoding."""
    return max(content.rfind(b"\n", 0, error.start) + 1, error.start - SAMPLE // 2)


def _read(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _said(text: str, encoding: str) -> Decoded:
    name = _NAMES[encoding]
    note = (
        f"The file is in {name}, not in UTF-8, and was read so. Look at the names with letters beyond a to z."
    )
    return Decoded(text=text, encoding=name, note=note)


def _beyond_ascii(text: str) -> list[str]:
    return [character for character in text if character > "\x7f" and character.isalpha()]


def _is_korean(text: str) -> bool:
    letters = _beyond_ascii(text)
    hangul = sum("\uac00" <= letter <= "\ud7a3" for letter in letters)
    return hangul >= SURE_LETTERS and hangul >= ONE_SCRIPT * len(letters)


def _is_japanese(text: str) -> bool:
    """Kana, which no other language has, and next to them nothing but kana and Chinese characters."""
    letters = _beyond_ascii(text)
    kana = sum("\u3041" <= letter <= "\u30fe" for letter in letters)
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in letters)
    return kana >= SURE_LETTERS and kana * 10 >= len(letters) and kana + han >= ONE_SCRIPT * len(letters)


def _is_western(text: str) -> bool:
    """Whether it looks like words of Western Europe: known letters, and none of them where no word has one."""
    return (
        all(character in _WESTERN for character in text if character > "\x7f")
        and not _INSIDE_WORD.search(text)
        and not _CAPITAL_INSIDE.search(text)
        and not _RUN.search(text)
        and not _MIXED.search(text)
    )


def _has_one_reading(text: str) -> bool:
    """Whether a Central European would read the same, or the words are of the West for certain."""
    letters = set(_beyond_ascii(text))
    return letters <= _SAME_EAST_AND_WEST or bool(_ONLY_WESTERN.search(text))


def _names_western(declared: str | None) -> bool:
    try:
        return declared is not None and codecs.lookup(declared).name in ("cp1252", "iso8859-1", "iso8859-15")
    except LookupError:
        return False


def _seems(content: bytes, western: str | None) -> str:
    """The likeliest other encoding, by the share of its letters that are of its script."""
    if western is not None and _MIXED.search(western):
        return "UTF-8 with parts in another encoding"
    if western is not None and _is_western(western):
        return "Windows-1252 (Western European) or Windows-1250 (Central European)"
    best, found = 0.0, "Windows-1252, Latin-1 or one of their kind"
    for encoding, script in _OTHERS:
        # The sample may end inside a letter of several bytes.
        readings = (_read(content[: len(content) - cut], encoding) for cut in range(4))
        text = next((reading for reading in readings if reading is not None), None)
        letters = _beyond_ascii(text) if text else []
        if text is None or not letters or _JUMBLED.search(text):
            continue
        share = sum(unicodedata.name(letter, "").startswith(script) for letter in letters) / len(letters)
        share += 0.1 * (set(letters) <= _SAME_EAST_AND_WEST)
        if share > best:
            best, found = share, _NAMES[encoding]
    return found
