"""What holds for processes that are started by another of ours."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
STARTED_BY_UP = "LEDGER_STARTED_BY_UP"


def stop_with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent is gone, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            # It went before we could ask.
            os.kill(os.getpid(), signal.SIGTERM)
