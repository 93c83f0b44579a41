"""Files made by hand, so that nothing binary has to be kept."""

import io
import zipfile
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>A bridge for Eastmere</dc:title><dc:creator>Ada Finch</dc:creator>"
    "<dcterms:created>2026-03-04T10:00:00Z</dcterms:created></cp:coreProperties>"
)


def pdf(*pages: list[str], about: str = "", encrypt: bool = False) -> bytes:
    """A PDF with a line of Helvetica for each string."""
    objects = {1: "<</Type/Catalog/Pages 2 0 R>>", 3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
    kids = []
    number = 4
    for lines in pages:
        shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj 0 -14 Td " for line in lines)
        stream = f"BT /F1 11 Tf 50 780 Td {shown}ET" if lines else "0 0 m 9 9 l S"
        objects[number] = (f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {number + 1} 0 R"
                           "/Resources<</Font<</F1 3 0 R>>>>>>")  # fmt: skip
        objects[number + 1] = f"<</Length {len(stream)}>>stream\n{stream}\nendstream"
        kids.append(f"{number} 0 R")
        number += 2
    objects[2] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    objects[number] = f"<<{about}>>"
    trailer = f"/Root 1 0 R/Info {number} 0 R/Size {number + 3}"
    if encrypt:
        zero = "00" * 32
        objects[number + 1] = f"<</Filter/Standard/V 1/R 2/Length 40/O<{zero}>/U<{zero}>/P -4>>"
        trailer += f"/Encrypt {number + 1} 0 R/ID[<{'11' * 16}><{'11' * 16}>]"
    out = bytearray(b"%PDF-1.4\n")
    places = {}
    for key in sorted(objects):
        places[key] = len(out)
        out += f"{key} 0 obj{objects[key]}endobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    for key in sorted(objects):
        out += f"{places[key]:010} 00000 n \n".encode()
    return bytes(out + f"trailer<<{trailer}>>\nstartxref\n{start}\n%%EOF".encode())


def docx(body: str, **more: str | bytes) -> bytes:
    """A DOCX whose document has this body; `more` are further parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELS)
        package.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in more.items():
            package.writestr(name, content)
    return out.getvalue()


def paragraph(words: str, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}<w:r><w:t>{escape(words)}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Bridge to close | Eastmere Echo</title>
<link rel="canonical" href="https://echo.example/bridge"><meta name="author" content="Ada Finch">
<meta property="og:site_name" content="Eastmere Echo">
<meta property="article:published_time" content="2026-03-04T10:00:00Z"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Bridge to close for six weeks</h1>
<p>The iron bridge over the Mere will close for six weeks from 1 May, Eastmere council said on Tuesday, after divers found
cracks in two of its pillars.</p>
<figure><img src="b.jpg" alt=""><figcaption>The bridge carries 9,400 cars a day.</figcaption></figure>
<h2>What is planned</h2>
<p>Engineers inspected the bridge in January and <b>counted 31 cracks</b>, the <a href="/r">report</a> says. The repairs
cost £1.2m, and the county pays half of it.</p>
<ul><li>A free ferry carries 60 people</li><li>Buses go by the ring road</li></ul>
<table><tr><th>Year</th><th>Cracks</th></tr><tr><td>2024</td><td>12</td></tr><tr><td>2026</td><td>31</td></tr></table>
<p>The bridge opened in 1884 and was last repaired in 1991, when it was closed for two months and traffic had to take
the road by Calder.</p></article>
<footer><p>All rights reserved. Contact us. Cookies.</p></footer></body></html>"""
