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
    """So many new ids in order; many at once cost a third."""
    global _last
    with _lock:
        first = max(time.time_ns() * _TICKS_PER_MS // 1_000_000, _last + 1)
        _last = first + number - 1
    noise = os.urandom(8 * number).hex()
    ids = []
    for place in range(number):
        # "01976b4c8a3d" and "1f0" as one number.
        tick, at = f"{first + place:015x}", 16 * place
        ids.append(
            f"{tick[:8]}-{tick[8:12]}-7{tick[12:]}-{_VARIANTS[noise[at]]}{noise[at + 1 : at + 4]}"
            f"-{noise[at + 4 : at + 16]}"
        )
    return ids


# The two bits before the noise are those of RFC 9562's variant.
_VARIANTS = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def is_id(text: str) -> bool:
    """Whether `text` has the form of one of our ids."""
    return PATTERN.match(text) is not None
