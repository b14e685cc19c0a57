"""Web pages as lists: which tables are read, and what of a page is text of a cell."""

import pytest

from registry.errors import InvalidError
from registry.formats.lists import read
from registry.resources.lists import Column

PAGE = """<!doctype html><html><head><title>x</title><script>var t = "<table><tr><td>no"</script></head><body>
<nav><table><tr><td>Home</td></tr></table></nav>
<h1>Sub-processors</h1><h2>Infrastructure sub-processors</h2>
<table><thead><tr><th>Entity<th>Purpose<th colspan=2>Location</thead>
<tr><td rowspan=2>Acme, Inc.<sup>1</sup><td>Hosting<td>USA<br>Ireland<td>
<tr><td>Mail<td>USA
<tr><td colspan=4>Group companies
<tr><td><b>Beta</b> GmbH <span style="display:none">hidden</span>
<td><p>Support</p><p>at night</p><td>Germany&nbsp;(EU)<td>
</table>
<p><strong>Support vendors:</strong></p>
<table><tr><th>Entity</th><th>Location</th><th>DPA</th></tr>
<tr><td>Zendesk</td><td>United States*</td><td><a href="https://example.com/dpa">link</a></td></tr></table>
<p>* and others</p><p><sup>1</sup> Only in us-east-1</p>
<h2>Former sub-processors</h2><table><tr><th>Entity</th><th>Location</th></tr><tr><td>Old</td><td>US</td></tr></table>
<h2>Retention</h2><table><tr><th>Data</th><th>Days</th></tr><tr><td>a</td><td>3</td></tr></table></body></html>"""


def test_every_table_of_sub_processors_is_read_with_its_heading_as_section() -> None:
    found = read(PAGE, media_type="text/html")

    assert found.format == "html"
    assert [(row.get(Column.NAME), row.get(Column.SECTION)) for row in found.rows] == [
        ("Acme, Inc.[1]", "Infrastructure sub-processors"),
        ("Acme, Inc.[1]", "Infrastructure sub-processors"),
        ("Beta GmbH", "Group companies"),
        ("Zendesk", "Support vendors"),
    ]
    assert [heading.column for heading in found.headings] == [
        Column.NAME,
        Column.PURPOSE,
        Column.PLACE,
        Column.DPA,
        Column.SECTION,
    ]


def test_cells_are_read_as_a_reader_sees_them() -> None:
    [first, second, third, _] = read(PAGE).rows

    assert (first.get(Column.PLACE), second.get(Column.PLACE)) == ("USA\nIreland", "USA")
    assert third.get(Column.PURPOSE).splitlines() == ["Support", "at night"]
    assert third.get(Column.PLACE) == "Germany (EU)"


def test_footnotes_are_told_beside_the_rows_that_have_their_marks() -> None:
    rows = read(PAGE).rows

    assert rows[0].remarks == ("“Entity” has the footnote “[1] Only in us-east-1”.",)
    assert rows[3].remarks == ("“Location” has the footnote “* and others”.",)


def test_tables_that_are_left_out_are_told() -> None:
    notes = " ".join(read(PAGE).notes)

    assert "“Former sub-processors” lists what is no longer in use, and was not read" in notes
    assert "“Retention” is no list of sub-processors, and was not read" in notes
    assert [row.get(Column.NAME) for row in read(PAGE, table="Former sub-processors").rows] == ["Old"]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<html><body><p>Our vendors: Acme, Beta</p></body></html>", "has no table"),
        ("<table><tr><th>Name<th>Purpose<tr><td>a\0b<td>c</table>", "U+0000"),
        ("<div>" * 10_000 + "<p>x", "has no table"),
        ('<?xml version="1.0"?><rss><channel/></rss>', "is XML: a feed"),
    ],
)
def test_a_page_without_a_list_is_refused_with_the_remedy(page: str, told: str) -> None:
    with pytest.raises(InvalidError) as refused:
        read(page, name="page.html" if "rss" not in page else None)

    assert told in refused.value.detail


def test_cells_that_claim_to_cover_everything_are_read_within_limits() -> None:
    page = (
        "<table><tr><th>Name<th>Purpose</tr><tr><td>a<td>b</tr>"
        + "<tr><td rowspan=99999 colspan=99999>x</tr>" * 200
        + "</table>"
    )

    assert read(page).rows[0].get(Column.NAME) == "a"
