"""Encodings of files: read where the bytes leave no doubt, else named; never garbled."""

import pytest

from registry.errors import InvalidError
from registry.formats.lists import read
from registry.resources.lists import Column

CERTAIN = {
    "UTF-8 with a mark": ("Name,Ort\nAcme é,Ulm\n", "utf-8-sig", "UTF-8"),
    "UTF-16 little endian": ("Name,Ort\nAcme,München\n", "utf-16", "UTF-16 (little endian)"),
    "UTF-16 big endian, no mark": ("Name,Ort\nAcme,München\n", "utf-16-be", "UTF-16 (big endian)"),
    "UTF-16 little endian, no mark": ("Name,Ort\nAcme,München\n", "utf-16-le", "UTF-16 (little endian)"),
    "UTF-32": ("Name,Ort\nAcme,Ulm\n", "utf-32", "UTF-32 (little endian)"),
    "German in Latin-1": ("Name,Ort\nGroße Wäsche,München\n", "latin-1", "Windows-1252"),
    "French with quotes": ("Nom,Finalité\nCrème SAS,Hébergement à Paris – “oui”\n", "cp1252", "Windows-1252"),
    "Spanish": ("Name,País\nAcme,España\n", "cp1252", "Windows-1252"),
    "Swedish": ("Name,Ort\nÅke,Västerås\n", "latin-1", "Windows-1252"),
    "Korean": ("업체명,위탁 업무\n포트원(주),전자결제 대행\n", "euc_kr", "EUC-KR"),
    "Japanese in Shift-JIS": ("Name,目的\nアマゾン,クラウドのホスティング\n", "shift_jis", "Shift-JIS"),
    "Japanese in EUC": ("Name,目的\nアマゾン,クラウドのホスティング\n", "euc_jp", "EUC-JP"),
}


@pytest.mark.parametrize(("text", "encoding", "told"), CERTAIN.values(), ids=CERTAIN.keys())
def test_an_encoding_that_the_bytes_make_certain_is_read_and_told(
    text: str, encoding: str, told: str
) -> None:
    found = read(text.encode(encoding))

    assert found.encoding == told
    assert found.rows[0].get(Column.NAME) == text.split("\n")[1].split(",", maxsplit=1)[0]
    assert bool(found.notes) == (not told.startswith("UTF"))


NAMED = {
    "Polish": ("Nazwa,Cel\nSpółka Łąkowa,głos\n", "cp1250", "Windows-1250 (Central European)"),
    "Czech": ("Název,Účel\nČeská společnost,údaje\n", "cp1250", "Windows-1250 (Central European)"),
    "French or Czech, nobody knows": ("Nom,Lieu\nCrème,être\n", "cp1252", "or Windows-1250"),
    "Russian": ("Название,Цель\nЯндекс,Облако\n", "cp1251", "Windows-1251 (Cyrillic)"),
    "an old Macintosh": ("Name,Ort\nAcme,München Größe\n", "mac_roman", "Mac Roman"),
    "DOS": ("Name,Ort\nAcme,München\n", "cp850", "DOS code page 850"),
    "Chinese": ("公司名称,目的\n阿里云,云服务提供商\n", "gb18030", "GB 18030 (Chinese)"),
}


NAMED["a long Chinese list"] = (
    "公司名称,目的\n" + "阿里云,云服务提供商\n" * 5000,
    "gb18030",
    "GB 18030 (Chinese)",
)


@pytest.mark.parametrize(("text", "encoding", "told"), NAMED.values(), ids=NAMED.keys())
def test_an_encoding_that_is_not_certain_is_named_with_its_row_and_the_remedy(
    text: str, encoding: str, told: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        read(text.encode(encoding))

    assert told in refused.value.detail
    assert "Save it as CSV in UTF-8" in refused.value.detail
    assert refused.value.errors[0].row in (1, 2)


def test_a_charset_that_is_declared_settles_what_the_bytes_leave_open_and_overrules_nothing() -> None:
    open_to_two = "Nom,Lieu\nCrème,Suède\n"

    assert read(open_to_two.encode("cp1252"), {"Nom": "name"}, media_type="text/csv; charset=iso-8859-1").rows
    utf_8 = read("Name,Ort\nCrème,Ulm\n".encode(), media_type="text/csv; charset=iso-8859-1")
    assert utf_8.rows[0].get(Column.NAME) == "Crème"


def test_utf_8_with_broken_parts_and_cut_utf_16_are_refused() -> None:
    with pytest.raises(InvalidError, match="UTF-8 with parts in another encoding"):
        read("Name,Ort\né,Ulm\n".encode() + b"M\xfcnchen,Ulm\n")
    with pytest.raises(InvalidError, match="broken: its byte order mark says UTF-16"):
        read("Name,Ort\n".encode("utf-16") + b"x")
