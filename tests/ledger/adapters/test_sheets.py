"""CSV as spreadsheets save it: encodings, separators, broken files."""

import io

import pytest

from ledger.adapters import sheets
from ledger.errors import Invalid

WORDS = 'claim_id,version,"a;b"\r\nx,1,"é ""q"" – 日"\r\n,,\r\ny,2,z'


def read(data: bytes) -> sheets.Sheet:
    return sheets.opened(io.BytesIO(data))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_the_encoding_shows_from_the_bytes(encoding: str) -> None:
    sheet = read(WORDS.encode(encoding))
    assert sheet.head == ["claim_id", "version", "a;b"]
    # Numbered as a spreadsheet does; the empty row counts, and is left out.
    assert list(sheet.rows) == [(2, ["x", "1", 'é "q" – 日']), (4, ["y", "2", "z"])]
    assert sheet.encoding in encoding.upper()


def test_what_is_no_utf_8_is_windows_1252() -> None:
    sheet = read("claimant;statement\nJosé;“Yes” – 5 €\n".encode("cp1252"))
    assert (sheet.encoding, sheet.separator) == ("Windows-1252", "semicolon")
    assert list(sheet.rows) == [(2, ["José", "“Yes” – 5 €"])]


@pytest.mark.parametrize(("sign", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_the_separator_is_counted_in_the_first_row_outside_quotes(sign: str, name: str) -> None:
    sheet = read(f'"a,;,;\n,;,;"{sign}b{sign}c\n1{sign}2{sign}3'.encode())
    assert sheet.separator == name and [row for _, row in sheet.rows] == [["1", "2", "3"]]


def test_excel_s_own_line_of_the_separator_is_no_row() -> None:
    sheet = read(b"sep=;\r\na;b\r\n1,5;2")
    assert sheet.head == ["a", "b"] and [row for _, row in sheet.rows] == [["1,5", "2"]]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"\xd0\xcf\x11\xe0rest", "xls"),
        (b"\x1f\x8brest", "gzip"),
        (b"\x81\x8d\x8f,\x90\n", "no text"),
        (b'a,b\r\n1,2\r\n3,"x', "Row 3 can't be read: a quotation mark"),
        (b'a\r\n"x"y"', "written twice"),
        (b"a,b\r\n\x00,1", "no text"),
        ("a,b".encode("utf-16") + b"\x00", "no text"),
        ("a,b\n".encode("utf-16") + b"\x00\xd8" * 2, "no text"),
    ],
)
def test_what_is_no_table_is_refused_with_the_remedy(data: bytes, told: str) -> None:
    with pytest.raises(Invalid, match="(?s)" + told) as refused:
        list(read(data).rows)
    assert refused.value.field == "file"


def test_long_cells_are_read_whole() -> None:
    sheet = read(b'a\n"' + b"x" * 500_000 + b'"\n')
    assert [len(row[0]) for _, row in sheet.rows] == [500_000]
