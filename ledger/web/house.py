"""Where this ledger is for who is asking, and who publishes what it found."""

from flask import request

from ledger.export.claimreview import House
from ledger.web.context import parts


def base() -> str:
    """The address that people see, without a slash at its end; unless it is set, the one that was asked."""
    return parts().settings.base_url.rstrip("/") or request.url_root.rstrip("/")


def house() -> House:
    """The same with the organisation that the settings name."""
    settings = parts().settings
    return House(base(), settings.publisher_name.strip(), settings.publisher_url.rstrip("/"))
