"""python -m ledger: the same as the command `ledger`."""

import sys

# Said here, before anything that an older Python could not even read.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "ledger: it needs Python 3.11 or newer; this is {}.{}. Name a newer one: "
        "make run PYTHON=/path/to/python3".format(*sys.version_info)
    )

from ledger.cli.main import main

if __name__ == "__main__":
    main()
