"""What stands in a list and is no entry: contacts, struck out and hidden rows, errors of a sheet, empty names."""

from typing import Any

from registry.formats.lists import read
from registry.resources.lists import Column
from registry.rules.imports.entities import STRUCK, Gathered, gather
from tests.registry.formats.workbooks import workbook


def names(found: Gathered) -> list[str]:
    return [listed.entity.legal_name for listed in found.entities]


def test_how_to_reach_the_company_is_no_sub_processor() -> None:
    found = read(
        "Name,Purpose,Country\nAcme,Mail,DE\n,,\nContact: privacy@example.org,,\nor dpo@example.org,,\n"
    )

    assert [row.get(Column.NAME) for row in found.rows] == ["Acme"]
    assert "Beside the rows stands “Contact: privacy@example.org”." in found.notes


def test_a_name_of_marks_alone_is_nobodys() -> None:
    [row] = gather(read("Name,Purpose\n-,Mail\n"), ()).rejected

    assert "placeholder" in row.reasons[0]


def test_a_name_that_is_struck_out_is_told_and_counts_as_not_on_the_list() -> None:
    for text in (
        "| Name | Purpose |\n|--|--|\n| ~~Linode LLC~~ | VMs |\n| Acme | Mail |\n",
        "<table><tr><th>Name<th>Purpose</tr><tr><td><del>Linode LLC</del><td>VMs</tr><tr><td>Acme<td>Mail</tr></table>",
    ):
        found = gather(read(text), ())

        assert names(found) == ["Acme"]
        [out] = found.left_out
        assert (out.name, out.reasons[0]) == ("Linode LLC", STRUCK)


def test_words_that_are_struck_out_of_another_cell_are_told_and_not_read() -> None:
    [row] = read("| Name | Location |\n|--|--|\n| Acme | ~~USA~~ Germany |\n").rows

    assert row.get(Column.PLACE) == "Germany"
    assert "“USA” is struck out under “Location”, and is not read." in row.remarks


def test_a_row_that_a_page_hides_is_told_and_not_read() -> None:
    found = read(
        "<table><tr><th>Name<th>Purpose</tr><tr><td>Acme<td>Mail</tr>"
        '<tr style="display:none"><td>Spy Inc<td>x</tr></table>'
    )

    assert len(found.rows) == 1
    assert "A row that the page hides (“Spy Inc x”) is not read." in found.notes


def test_hidden_rows_and_errors_of_a_sheet_are_told_in_their_rows() -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("Vendors")
        page.write_row(0, 0, ("Name", "Purpose", "Location"))
        page.write(1, 0, "Delta")
        page.write_formula(1, 1, "=NA()", None, "#N/A")
        page.write_formula(1, 2, "=A99", None, "#REF!")
        page.write_row(2, 0, ("Acme", "Mail", "Germany"))
        page.set_row(2, None, None, {"hidden": True})

    delta, acme = read(workbook(fill)).rows

    assert delta.get(Column.NAME) == "Delta"
    assert not delta.get(Column.PURPOSE)
    assert any("“Location” shows the error #REF!" in remark for remark in delta.remarks)
    assert "The row is hidden in the sheet. It is taken all the same." in acme.remarks
