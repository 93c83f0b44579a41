"""Files → documents, and a clear refusal of what holds no text."""

import codecs
import threading
import zipfile

import pytest

import claims.readers
from claims import BlockKind, Document, Unreadable, media_type_of, read
from claims.readers import docx as docx_reader
from claims.readers import pdf as pdf_reader
from tests.claims.samples import CORE, PAGE, docx, paragraph, pdf, row

K = BlockKind


def kinds(document: Document) -> list[str]:
    return [block.kind.value for block in document.blocks]


def words(document: Document, kind: BlockKind) -> list[str]:
    return [block.span.of(document.text) for block in document.blocks if block.kind is kind]


def refused(data: bytes | str, **how) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(data, **how)
    assert caught.value.message[0].isupper() and caught.value.message.endswith(".")
    return caught.value


# --- plain text


@pytest.mark.parametrize(
    "data",
    ["Café – “naïve”".encode(), codecs.BOM_UTF8 + "Café – “naïve”".encode(), "Café – “naïve”".encode("utf-16"),
     codecs.BOM_UTF16_BE + "Café – “naïve”".encode("utf-16-be"), "Café – “naïve”".encode("utf-32"),
     "Café – “naïve”".encode("cp1252"), "Cafe\u0301 – “naïve”\r\n".encode(), "Café – “naïve”"],
)  # fmt: skip
def test_the_same_words_come_out_of_every_usual_encoding(data):
    assert read(data).text == "Café – “naïve”"


def test_utf16_without_a_mark_is_known_by_its_zeros():
    assert read("The council voted on Monday.".encode("utf-16-le")).text == "The council voted on Monday."
    assert read("The council voted on Monday.".encode("utf-16-be")).text == "The council voted on Monday."


def test_an_encoding_that_the_sender_names_is_used_when_it_fits():
    assert read("Привет, мир".encode("koi8-r"), encoding="koi8-r").text == "Привет, мир"
    assert read("Привет".encode(), encoding="no-such-encoding").text == "Привет"
    assert read("Привет".encode(), encoding="base64").text == "Привет"


def test_controls_surrogates_and_carriage_returns_go_and_bidi_marks_stay():
    assert read("a\x00b\ud800c\r\nd\re\u200f\u200d").text == "abc\nd\ne\u200f\u200d"


def test_a_text_from_right_to_left_is_known():
    assert read("قال الوزير إن الأسعار ارتفعت.").direction == "rtl"
    assert read("The minister said so.").direction == "ltr"


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "empty"), (b" \n\t ", "empty"), (b"\x89PNG\r\n\x1a\n123", "unsupported"), (b"PK\x03\x04abcdef", "unsupported"),
    (bytes(range(256)) * 20, "binary"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unsupported"),
    ("\u200b\x00", None),
])  # fmt: skip
def test_what_holds_no_text_is_refused_with_a_reason(data, reason):
    if reason is None:
        read(data)
    else:
        assert refused(data).reason == reason


def test_a_word_file_with_a_password_is_told_apart():
    package = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refused(package, filename="a.docx").reason == "encrypted"


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr(claims.readers, "MAX_BYTES", 10)
    assert refused("x" * 11).reason == "too_large"
    monkeypatch.setattr(claims.readers, "MAX_BYTES", 1000)
    monkeypatch.setattr(claims.readers, "MAX_CHARACTERS", 10)
    assert refused("x" * 11).reason == "too_large"


def test_an_unknown_type_is_refused_with_what_can_be_read():
    assert "PDF" in refused(b"<x/>", media_type="application/x-thing").message


def test_headline_byline_and_biography_are_told_apart():
    document = read("Bridge closes\n\nBy Ada Finch\n\nThe bridge closed on Monday.\n\nPhoto: Getty Images\n\n"
                    "Ada Finch is a reporter in Eastmere.")  # fmt: skip
    assert kinds(document) == ["headline", "byline", "paragraph", "credit", "biography"]
    assert (document.title, document.byline) == ("Bridge closes", "Ada Finch")


def test_a_text_with_a_paragraph_on_each_line_is_split_at_the_lines():
    assert len(read("The bridge closed.\nIt was old.\nNobody was hurt.").blocks) == 3


def test_a_wrapped_text_is_one_paragraph():
    assert kinds(read("The bridge over the Mere\nwas closed on Monday\nfor six weeks.")) == ["paragraph"]


# --- media types


@pytest.mark.parametrize(("data", "name", "declared", "expected"), [
    (b"%PDF-1.4", None, None, "application/pdf"), (b"%PDF-1.4", "a.txt", "text/plain", "application/pdf"),
    (b"hello", "a.md", None, "text/markdown"), (b"hello", "a.md", "text/plain", "text/markdown"),
    (b"hello", "a.html", None, "text/html"), (b"<!DOCTYPE html><p>", None, None, "text/html"),
    (b"\xef\xbb\xbf <html>", None, "text/plain", "text/html"), ("hello", None, None, "text/plain"),
    (b"hello", None, "text/html; charset=utf-8", "text/html"), (b"hello", "a.bin", None, "text/plain"),
    (b"PK\x03\x04..", "a.docx", None, claims.readers.DOCX), (b"rubbish %PDF-1.7", None, None, "application/pdf"),
    (b"x", None, "application/xhtml+xml", "text/html"), (b"x", "a.pdf", "application/octet-stream", "application/pdf"),
])  # fmt: skip
def test_the_bytes_then_the_sender_then_the_name_tell_the_type(data, name, declared, expected):
    assert media_type_of(data, name, declared) == expected


# --- Markdown

MARKDOWN = """---
title: "Bridge to close"
author: Ada Finch
date: 2026-03-04
lang: en-GB
nested:
  - no: matter
---
# Bridge to close

The *iron* bridge [over the Mere](http://x.example) closed on **Monday**,
a `report` says.<br>

- 60 people
- two buses

1. first
2. second

| Year | Cracks |
|---|---|
| 2024 | 12 |

![The bridge in May](b.jpg)

## More

> A quotation of some words.
"""


def test_markdown_loses_its_marks_and_keeps_its_blocks():
    document = read(MARKDOWN, filename="a.md")
    assert kinds(document) == [
        "headline",
        "paragraph",
        "list",
        "list",
        "table",
        "caption",
        "heading",
        "paragraph",
    ]
    assert (
        words(document, K.PARAGRAPH)[0] == "The iron bridge over the Mere closed on Monday,\na report says."
    )
    assert words(document, K.TABLE) == ["Year\tCracks\n2024\t12"]
    assert (document.title, document.byline, document.published) == (
        "Bridge to close",
        "Ada Finch",
        "2026-03-04",
    )
    assert (document.language, document.media_type) == ("en-gb", "text/markdown")


def test_markdown_without_a_heading_takes_the_title_of_its_front_matter():
    document = read("---\ntitle: A title\ndate: soon\n---\nThe bridge closed.", filename="a.md")
    assert (kinds(document), document.title, document.published) == (
        ["headline", "paragraph"],
        "A title",
        None,
    )


# --- HTML


def test_a_page_gives_its_article_and_what_it_says_of_itself():
    document = read(PAGE.encode())
    assert document.title == "Bridge to close for six weeks"
    assert (document.byline, document.publisher, document.published) == (
        "Ada Finch",
        "Eastmere Echo",
        "2026-03-04",
    )
    assert (document.language, document.url) == ("en-gb", "https://echo.example/bridge")
    assert "Home" not in document.text
    assert "Cookies" not in document.text
    assert kinds(document)[0] == "headline"
    assert "counted 31 cracks, the report says" in document.text
    assert words(document, K.TABLE) == ["Year\tCracks\n2024\t12\n2026\t31"]
    assert words(document, K.LIST) == ["A free ferry carries 60 people\nBuses go by the ring road"]
    assert words(document, K.HEADING) == ["What is planned"]


@pytest.mark.parametrize(
    ("title", "publisher"),
    [
        ("Bridge closes | Eastmere Echo", "Eastmere Echo"),
        ("Bridge closes – Echo", "Echo"),
        ("Bridge closes", None),
        ("Bridge closes | News | Echo", None),
        ("Echo | Bridge closes", None),
    ],
)
def test_a_site_that_is_named_only_in_the_title_of_its_page(title, publisher):
    page = f"""<html><head><title>{title}</title></head><body><article><h1>Bridge closes</h1>
        <p>The bridge closed on Monday after cracks were found in 12 of its girders, a report says.</p>
        </article></body></html>"""
    assert read(page.encode(), media_type="text/html").publisher == publisher


def test_a_page_may_name_its_own_encoding():
    page = (
        PAGE.replace("utf-8", "windows-1251")
        .replace("Engineers inspected", "Инженеры inspected")
        .replace("£", "$")
    )
    assert "Инженеры" in read(page.encode("cp1251")).text


@pytest.mark.parametrize("page", ["<html><body></body></html>", "<html><head><title>x</title></head></html>",
                                  "<!doctype html><html><body><script>app()</script><div id=root></div></body></html>"])  # fmt: skip
def test_a_page_without_an_article_is_refused_with_a_remedy(page):
    error = refused(page)
    assert error.reason == "empty"
    assert "paste" in error.message


def test_a_short_page_keeps_its_paragraphs_apart():
    page = "<html><body><article><h1>Bridge closes</h1><p>The bridge closed on Monday.</p><p>It opened in 1884.</p></article></body></html>"
    assert words(read(page), K.PARAGRAPH) == ["The bridge closed on Monday.", "It opened in 1884."]


def test_a_short_page_with_a_list_and_a_table_keeps_its_blocks():
    page = (
        "<html><body><article><h1>Bridge closes</h1><p>The bridge over the river Mere closed on Monday, the council "
        "said.</p><ul><li>one ferry</li><li>two buses</li></ul><table><tr><th>A</th><th>B</th></tr><tr><td>1</td>"
        "<td>2</td></tr></table></article></body></html>"
    )
    assert kinds(read(page)) == ["headline", "paragraph", "list", "table"]


def test_a_deeply_nested_page_does_not_break_the_reader():
    page = "<html><body>" + "<div>" * 5000 + "<p>The bridge closed.</p>"
    try:
        assert "bridge" in read(page).text
    except Unreadable as error:
        assert error.reason in ("empty", "broken")


def test_where_a_file_came_from_is_kept_unless_the_page_names_its_address():
    assert read("The bridge closed.", url="https://x.example/a").url == "https://x.example/a"
    assert read(PAGE, url="https://x.example/a").url == "https://echo.example/bridge"
    assert read("The bridge closed.", url="javascript:alert(1)").url is None


# --- PDF

HEAD = "The Eastmere Echo 4 March 2026"


def test_a_pdf_gives_paragraphs_without_running_heads_and_hyphens():
    document = read(pdf(
        [HEAD, "Bridge to close", "", "The iron bridge over the Mere is going to be closed for six weeks in sum-",
         "mer, because divers found cracks in two of the pillars on which it has stood.", "It opened in 1884.",
         "", "The county pays half of the costs of the repairs, and the rest is paid by the", "1"],
        [HEAD, "towns on both of its banks, which have 21,000 inhabitants.", "2"],
        about="/Title(Echo)/Author(Ada Finch)/CreationDate(D:20260304120000Z)",
    ))  # fmt: skip
    assert HEAD not in document.text
    assert "six weeks in summer, because divers" in document.text
    assert "paid by the towns on both" in document.text
    assert (document.byline, document.published, document.media_type) == (
        "Ada Finch",
        "2026-03-04",
        "application/pdf",
    )


@pytest.mark.parametrize(("data", "reason", "remedy"), [
    (pdf([]), "scanned", "OCR"), (pdf(["secret"], encrypt=True), "encrypted", "password"),
    (b"%PDF-1.4\nnothing of use", "broken", "print"), (pdf(["text"])[:60], "broken", "print"),
])  # fmt: skip
def test_a_pdf_that_gives_no_text_is_refused_with_the_remedy(data, reason, remedy):
    error = refused(data)
    assert error.reason == reason
    assert remedy in error.message


def test_a_pdf_with_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_reader, "MAX_PAGES", 1)
    assert refused(pdf(["a"], ["b"])).reason == "too_large"


def test_a_pdf_with_too_much_text_is_refused(monkeypatch):
    monkeypatch.setattr(pdf_reader, "_MAX_CHARACTERS", 3)
    assert refused(pdf(["abcdef"])).reason == "too_large"


def test_several_threads_may_read_pdfs_at_once():
    data, texts = pdf(["The bridge closed on Monday."]), []
    threads = [threading.Thread(target=lambda: texts.append(read(data).text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["The bridge closed on Monday."] * 8


# --- DOCX


def test_a_docx_keeps_headings_tables_and_what_it_says_of_itself():
    body = (
        paragraph("Bridge to close", "Heading1") + paragraph("The bridge closed on Monday.") + paragraph("Plans", "Heading2")
        + f"<w:tbl>{row('Year', 'Cracks')}{row('2024', '12')}</w:tbl>" + paragraph("Short.")
    )  # fmt: skip
    document = read(docx(body, **{"docProps/core.xml": CORE}))
    assert document.media_type == claims.readers.DOCX
    assert words(document, K.TABLE) == ["Year\tCracks\n2024\t12"]
    assert "Short." in document.text
    assert (document.title, document.byline, document.published) == (
        "A bridge for Eastmere",
        "Ada Finch",
        "2026-03-04",
    )


@pytest.mark.parametrize(("data", "reason"), [
    (docx(""), "empty"), (docx(paragraph("x"))[:-40], "broken"),
    (docx("<w:p>"), "broken"), (docx(paragraph("x"), **{"word/evil.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "broken"),
], ids=["empty", "cut short", "not XML", "entities"])  # fmt: skip
def test_a_docx_that_gives_no_text_is_refused(data, reason):
    assert refused(data, filename="a.docx").reason == reason


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(docx_reader, "MAX_UNPACKED", 1_000_000)
    bomb = docx(paragraph("x"), **{"word/media/a.bin": b"\0" * 2_000_000})
    assert len(bomb) < 10_000
    assert refused(bomb).reason == "too_large"
    monkeypatch.setattr(docx_reader, "MAX_UNPACKED", 10**9)
    monkeypatch.setattr(docx_reader, "MAX_XML", 100)
    assert refused(docx(paragraph("x" * 200))).reason == "too_large"


def test_a_locked_zip_is_told_apart(tmp_path):
    data = bytearray(docx(paragraph("x")))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data), filename="a.docx").reason == "encrypted"


def test_a_zip_without_a_document_is_no_docx(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "x")
    assert refused(path.read_bytes(), filename="a.docx").reason == "broken"
