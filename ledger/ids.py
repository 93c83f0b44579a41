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
    return new_ids(1)[0]


def new_ids(number: int) -> list[str]:
    """So many new ids in order; many at once cost a sixth."""
    global _last
    with _lock:
        first = max(time.time_ns() * _TICKS_PER_MS // 1_000_000, _last + 1)
        _last = first + number - 1
    noise = os.urandom(8 * number).hex()
    ids: list[str] = []
    while len(ids) < number:
        # Those of one millisecond begin alike.
        millisecond, tick = divmod(first + len(ids), _TICKS_PER_MS)
        time_part = f"{millisecond:012x}"
        head = f"{time_part[:8]}-{time_part[8:]}-7"
        some = min(number - len(ids), _TICKS_PER_MS - tick)
        places = range(16 * len(ids), 16 * (len(ids) + some), 16)
        ids += [
            f"{head}{tick:03x}-{_VARIANTS[noise[at]]}{noise[at + 1 : at + 4]}-{noise[at + 4 : at + 16]}"
            for tick, at in zip(range(tick, tick + some), places, strict=True)
        ]
    return ids


# The two bits before the noise are those of RFC 9562's variant.
_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def is_id(text: str) -> bool:
    """Whether `text` has the form of one of our ids."""
    return PATTERN.match(text) is not None
