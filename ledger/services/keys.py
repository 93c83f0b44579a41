"""The keys: every action of the pages that a key can do, its words, its group and its key by default.

There is this one table: the help sheet, the palette, the tooltips, the page where keys are changed and the
API are made from it. An action is the name in `data-action` on the control that does it; a key presses
that control, so that the rules of who may do what stay in one place.
"""

import re
import unicodedata
from collections.abc import Mapping

from claims.values import dataclass
from ledger.errors import Invalid


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does."""

    name: str
    label: str
    group: str
    key: str


def _of(group: str, *rows: tuple[str, str, str]) -> tuple[Action, ...]:
    return tuple(Action(name, label, group, key) for name, label, key in rows)


ACTIONS: tuple[Action, ...] = (
    *_of(
        "Move",
        ("next", "Next claim", "j"),
        ("previous", "Previous claim", "k"),
        ("next-unchecked", "Next unchecked claim", "n"),
        ("search", "Search", "/"),
        ("palette", "Go anywhere, do anything", "Mod+k"),
        ("coverage", "Show or hide coverage", "v"),
        ("copy-link", "Copy the claim's link", "y"),
        ("help", "Show the keys", "?"),
    ),
    *_of(
        "Sort",
        ("accept", "Accept", "a"),
        ("dismiss", "Dismiss", "x"),
        ("take", "Take the claim", "t"),
        ("lay-down", "Lay the claim down", "l"),
        ("edit", "Edit statement, kind, claimant", "w"),
        ("reopen", "Reopen", "o"),
    ),
    *_of(
        "Check",
        ("evidence", "Add evidence", "e"),
        ("verdict-1", "First rating", "1"),
        ("verdict-2", "Second rating", "2"),
        ("verdict-3", "Third rating", "3"),
        ("verdict-4", "Fourth rating", "4"),
        ("verdict-5", "Fifth rating", "5"),
        ("propose", "Propose the verdict", "p"),
        ("sign", "Sign", "s"),
        ("send-back", "Send back", "b"),
        ("renew", "It still holds", "r"),
    ),
    *_of(
        "Talk and take back",
        ("note", "Write a note", "c"),
        ("undo", "Undo", "z"),
    ),
    *_of(
        "Words of the claim",
        ("extend-left", "Begin a word earlier", "["),
        ("extend-right", "End a word later", "]"),
        ("shrink-left", "Begin a word later", "{"),
        ("shrink-right", "End a word earlier", "}"),
        ("split", "Split in two", "h"),
        ("merge", "Merge with another", "m"),
    ),
)
BY_NAME = {action.name: action for action in ACTIONS}

# What browsers and systems do with Ctrl or Command, and what people would miss.
_TAKEN = set("acvxzywtnqrlpfsdhjou0123456789")
_FORM = re.compile(r"(?:(Ctrl|Cmd|Command|Control|Mod|Shift)\s*\+\s*)?(\S)", re.IGNORECASE)


def read(written: str, *, field: str) -> str:
    """A key as people write it (`j`, `?`, `Shift+J`, `Ctrl+K`), as we keep it; empty for none.

    Raises Invalid for what is no key of ours, and for what browsers need themselves.
    """
    text = unicodedata.normalize("NFC", written).strip()
    if not text:
        return ""
    match = _FORM.fullmatch(text)
    if match is None or unicodedata.category(match[2])[0] not in "LNPS":
        raise Invalid(
            "Write one letter, digit or sign, such as j or ?, or with Shift+ or Ctrl+ before it.", field=field
        )
    modifier, sign = (match[1] or "").lower(), match[2]
    if modifier in ("", "shift"):
        if modifier and not sign.isalpha():
            raise Invalid("Write the sign itself: ? and not Shift+/.", field=field)
        return f"Shift+{sign.upper()}" if modifier or sign != sign.lower() else sign
    if sign.lower() in _TAKEN:
        raise Invalid(f"Browsers need Ctrl+{sign.upper()} themselves; choose another.", field=field)
    return f"Mod+{sign.lower()}"


def chosen(changed: Mapping[str, str]) -> dict[str, str]:
    """The key of each action, those that a person changed among them. Raises Invalid where two clash."""
    unknown = next((name for name in changed if name not in BY_NAME), None)
    if unknown is not None:
        raise Invalid(f"There is no action called {unknown[:60]!r}.", field="keys")
    keys = {a.name: read(changed[a.name], field=a.name) if a.name in changed else a.key for a in ACTIONS}
    held: dict[str, str] = {}
    # Those that were changed come last, so that the complaint is about what was just written.
    for name in sorted(keys, key=lambda name: name in changed):
        if keys[name] and keys[name] in held:
            other = BY_NAME[held[keys[name]]].label
            raise Invalid(f"“{shown(keys[name])}” is the key of “{other}” already.", field=name)
        held[keys[name]] = name
    return keys


def changes(keys: Mapping[str, str]) -> dict[str, str]:
    """Those of `keys` that are not the ones by default: what is kept."""
    return {name: key for name, key in keys.items() if BY_NAME[name].key != key}


def shown(key: str) -> str:
    """A key as people read it; on a Mac, the page says ⌘ for Ctrl."""
    modifier, plus, sign = key.partition("+")
    return f"Ctrl+{sign.upper()}" if plus and modifier == "Mod" else key
