"""The text of a C2SP signed note v1.0.0, and of its keys: the grammar, without the cryptography.

A note is read strictly: whatever two programs could read in two ways is refused.
Source: https://c2sp.org/signed-note@v1.0.0; the key texts are those of Go's sumdb/note.
"""

import base64
import re

ED25519 = b"\x01"
"""The one signature type that we read and write."""
MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
"""The limits of Go's implementation; the specification asks for at least 16 signatures."""
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """A note, checkpoint or key that is malformed, or not signed as it must be."""


def split_note(note: str | bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and (key name, key id || signature) of each line. Checks no signature."""
    note = _decoded(note)
    head, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise BadNote("a note is a text, an empty line, and signatures that end with a newline")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise BadNote(f"a note with more than {MAX_SIGNATURES} signatures")
    return head + "\n", [_signature_parts(line) for line in lines]


def key_parts(text: str) -> tuple[str, str, bytes]:
    """Name, key id in hex and the 32 bytes of an Ed25519 key's text: name+id+base64(type || key)."""
    # Base64 may hold a plus of its own, so the key takes all that is left.
    name, *rest = text.strip("\n").split("+", 2)
    if len(rest) != 2 or not re.fullmatch("[0-9a-f]{8}", rest[0]):
        raise BadNote("a key is a name, eight hex digits and base64, with a plus between")
    raw = decode64(rest[1])
    if raw[:1] != ED25519 or len(raw) != 33:
        raise BadNote("not an Ed25519 key")
    return name, rest[0], raw[1:]


def require_key_name(name: str) -> None:
    """BadNote unless `name` can stand in a signature line and in a key's text."""
    if not name or "+" in name or any(c.isspace() or c < " " for c in name):
        raise BadNote(f"a key's name has no spaces and no plus: {name!r}")


def encode64(raw: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(raw).decode()


def decode64(text: str) -> bytes:
    """The one way to read base64: no stray characters, missing padding or left-over bits."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise BadNote("not base64") from error
    if encode64(raw) != text:
        raise BadNote("base64 that is not in its standard form")
    return raw


def _decoded(note: str | bytes) -> str:
    """The text of a note's bytes, refused if it has what no note may have."""
    raw = note if isinstance(note, bytes) else note.encode(errors="surrogatepass")
    if len(raw) > MAX_NOTE_BYTES:
        raise BadNote(f"a note of more than {MAX_NOTE_BYTES} bytes")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise BadNote("a note is UTF-8") from error
    if CONTROL.search(text):
        raise BadNote("a note has no control characters but newlines")
    return text


def _signature_parts(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—":
        raise BadNote(f"not a signature line: {line[:60]!r}")
    _, name, signature = parts
    require_key_name(name)
    raw = decode64(signature)
    if len(raw) <= 4:
        raise BadNote("a signature line without a signature")
    return name, raw
