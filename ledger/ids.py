"""Public ids: UUID version 7 (RFC 9562), which sort by time and can be made on any machine.

The 12 bits after the version hold the fraction of the millisecond (method 3 of section 6.2),
and a process never gives out two ids in the wrong order, however its clock is set.
"""

import os
import re
import threading
import time

_TICKS_PER_MS = 4096
_lock = threading.Lock()
_last = 0

PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


def new_id() -> str:
    """A new id, as 36 lower-case characters; ids made later sort later."""
    global _last
    with _lock:
        tick = max(time.time_ns() * _TICKS_PER_MS // 1_000_000, _last + 1)
        _last = tick
    ms, fraction = divmod(tick, _TICKS_PER_MS)
    value = (ms << 80) | (7 << 76) | (fraction << 64) | (2 << 62)
    value |= int.from_bytes(os.urandom(8)) >> 2
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def is_id(text: str) -> bool:
    """Whether `text` has the form of one of our ids."""
    return PATTERN.match(text) is not None
