"""What a file is: by its bytes first, by its name and media type only where the bytes leave a choice."""

import re
from pathlib import PurePath

from msgspec.structs import replace

from registry.errors import InvalidError
from registry.formats import archives, documents, pages, separated, workbooks
from registry.formats.encodings import decoded
from registry.formats.grids import File
from registry.resources.lists import Column

MEDIA_TYPES = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/json": "json",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".json": "json",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
}
CALLED = {
    "csv": "separated values (CSV)",
    "xlsx": "a workbook (XLSX)",
    "json": "JSON",
    "html": "a web page (HTML)",
    "markdown": "a Markdown table",
    "aligned": "a table with columns by spaces",
}

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "a PDF", "Copy its table into a spreadsheet, look it over, and import that."),
    (b"\x1f\x8b", "a gzip file", "Unpack it first."),
    (b"\x89PNG", "a picture", "Type its table into a spreadsheet."),
    (b"\xff\xd8\xff", "a picture", "Type its table into a spreadsheet."),
    (b"GIF8", "a picture", "Type its table into a spreadsheet."),
    (b"{\\rtf", "an RTF document", "Copy its table into a spreadsheet, and import that."),
    (b"7z\xbc\xaf", "a 7z file", "Unpack it first."),
    (b"Rar!", "a RAR file", "Unpack it first."),
)
_PARTS = (
    ("xl/workbook.bin", "a binary workbook (XLSB)", "Save it as XLSX."),
    ("word/document.xml", "a Word document", "Copy its table into a spreadsheet, and import that."),
    ("ppt/presentation.xml", "a presentation", "Copy its table into a spreadsheet, and import that."),
    ("content.xml", "an OpenDocument file", "Save it as XLSX or CSV."),
)
_PAGE = re.compile(
    r"^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|div|main|section|article|meta)\b",
    re.IGNORECASE | re.DOTALL,
)
_TABLE = re.compile(r"<table\b|<tr\b", re.IGNORECASE)
_XML = re.compile(r"^\s*<\?xml|^\s*<(?:rss|feed|workbook|ss:workbook)\b", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)


def opened(
    content: bytes | str,
    mapping: dict[str, Column],
    *,
    media_type: str | None = None,
    name: str | None = None,
) -> File:
    """The tables of a file, whatever it is; raises `InvalidError` or `PayloadTooLargeError`.

    A file that is not what it is called is read as what it is, which a note tells, or refused by its true name.
    """
    if isinstance(content, bytes):
        _refuse_known(content)
        if content.startswith(b"PK\x03\x04"):
            return _telling(_workbook(content), media_type, name)
    encoding, note = None, None
    if isinstance(content, bytes):
        charset = _CHARSET.search(media_type or "")
        found = decoded(content, charset[1] if charset else None)
        content, encoding, note = found.text, found.encoding, found.note
    text = content.removeprefix("\ufeff")
    if not text.strip():
        raise InvalidError("The list is empty. Give a list with headings in its first row.")
    file = _text(text, mapping, _called(media_type, name))
    file = replace(file, encoding=encoding, notes=(*filter(None, (note,)), *file.notes))
    return _telling(file, media_type, name)


def _refuse_known(content: bytes) -> None:
    if content.startswith(_OLD_OFFICE):
        raise InvalidError(
            "The list is a workbook of before 2007 (XLS), or one with a password. Save it as XLSX without a password,"
            " or as CSV in UTF-8."
        )
    for start, what, remedy in _OTHERS:
        if content.startswith(start):
            raise InvalidError(f"The list is {what}, which is not read. {remedy}")


def _workbook(content: bytes) -> File:
    names = {entry.lower() for entry in archives.names(content)}
    if "xl/workbook.xml" in names:
        return workbooks.read(content)
    for entry, what, remedy in _PARTS:
        if entry in names:
            raise InvalidError(f"The list is {what}, which is not read. {remedy}")
    raise InvalidError(
        "The list is a ZIP file and no workbook. Unpack it and import the list in it; a workbook that is broken is best"
        " saved again as XLSX."
    )


def _text(text: str, mapping: dict[str, Column], called: str | None) -> File:
    if _XML.match(text) and not _TABLE.search(text):
        raise InvalidError(
            "The list is XML: a feed, or an old spreadsheet. Save it as XLSX, CSV or JSON and import that."
        )
    if _PAGE.match(text) or (_XML.match(text) and _TABLE.search(text)) or called == "html":
        return pages.read(text)
    start = text.lstrip()[:1]
    if called == "json" or start == "{":
        return documents.read(text)
    if start == "[":
        try:
            return documents.read(text)
        except InvalidError:
            if text.rstrip().endswith("]"):
                raise
    return separated.read(text, mapping)


def _called(media_type: str | None, name: str | None) -> str | None:
    """What the file is called; its media type goes before its name."""
    bare = (media_type or "").partition(";")[0].strip().lower()
    return MEDIA_TYPES.get(bare) or ENDINGS.get(PurePath(name or "").suffix.lower())


def _telling(file: File, media_type: str | None, name: str | None) -> File:
    """With a note where the file is something else than it is called."""
    called = _called(media_type, name)
    texts = ("csv", "markdown", "aligned")
    if called is None or called == file.format or (called in texts and file.format in texts):
        return file
    note = f"It is called {CALLED[called]}, but is {CALLED[file.format]}, and was read as that."
    return replace(file, notes=(note, *file.notes))
