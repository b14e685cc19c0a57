"""The container of a spreadsheet: a ZIP file that is inflated within limits before anything reads it.

Sizes that a ZIP file declares may lie, and two programs may find different entries in one file. So each
entry is inflated here, counted while it grows, and what calamine gets is a new container made of the result.
"""

import io
import lzma
import struct
import zipfile
import zlib

from registry.errors import InvalidError, PayloadTooLargeError

MAX_INFLATED = 32_000_000
"""Bytes of all entries together, inflated."""
MAX_ENTRIES = 2_000
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    EOFError,
    IndexError,
    OSError,
    ValueError,
)
"""What `zipfile` raises over a file that is none, or is damaged."""
_CHUNK = 65_536
_NEEDED = ("xl/", "_rels/", "[content_types].xml", "docprops/")
_PICTURES = ("xl/media/", "xl/drawings/", "xl/embeddings/", "xl/charts/")


def entries(content: bytes) -> dict[str, bytes]:
    """What the container holds, by name, without pictures; raises `InvalidError` or `PayloadTooLargeError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
            if len(found) > MAX_ENTRIES:
                raise _too_large(f"{len(found)} entries")
            names = [entry.filename.lower() for entry in found]
            if len(set(names)) != len(names):
                raise InvalidError(
                    "The workbook holds two entries of one name. Save it again and try once more."
                )
            if any(entry.flag_bits & 1 for entry in found):
                raise InvalidError("The workbook is encrypted. Save it without a password and try again.")
            return _inflated(archive, found)
    except BROKEN as error:
        raise InvalidError(
            f"The workbook cannot be unpacked ({error}). Open it in a spreadsheet, save it as XLSX and try again."
        ) from error


def names(content: bytes) -> list[str]:
    """The names of the entries; empty where it is no ZIP file that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.namelist()[:MAX_ENTRIES]
    except BROKEN:
        return []


def packed(found: dict[str, bytes]) -> bytes:
    """A container of exactly these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in found.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _inflated(archive: zipfile.ZipFile, found: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    inflated: dict[str, bytes] = {}
    declared = sum(entry.file_size for entry in found if _is_needed(entry.filename))
    if declared > MAX_INFLATED:
        raise _too_large(f"{declared:,} bytes")
    left = MAX_INFLATED
    for entry in found:
        if entry.is_dir() or not _is_needed(entry.filename):
            continue
        parts: list[bytes] = []
        with archive.open(entry) as stream:
            while part := stream.read(_CHUNK):
                left -= len(part)
                if left < 0:
                    raise _too_large(f"more than {MAX_INFLATED:,} bytes")
                parts.append(part)
        inflated[entry.filename] = b"".join(parts)
    return inflated


def _is_needed(name: str) -> bool:
    lowered = name.lower()
    return lowered.startswith(_NEEDED) and not lowered.startswith(_PICTURES)


def _too_large(size: str) -> PayloadTooLargeError:
    return PayloadTooLargeError(
        f"The workbook unpacks to {size}; up to {MAX_INFLATED:,} bytes in {MAX_ENTRIES} entries are read. Copy the list"
        " into a workbook of its own, or save it as CSV."
    )
