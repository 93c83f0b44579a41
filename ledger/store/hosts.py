"""When each site may be asked again: one row a site, which all workers share."""

from datetime import datetime, timedelta

from sqlmodel import Session

from ledger import clock
from ledger.models import Host


def take_turn(session: Session, name: str, *, least: float) -> tuple[Host, datetime | None]:
    """The site, and None where it may be asked now, which nobody else may for `least` seconds or as many
    as its robots.txt asks for; else the moment from which on it may."""
    now = clock.now()
    host = session.get(Host, name)
    if host is None:
        host = Host(name=name, next_at=now)
        session.add(host)
    if host.next_at > now:
        return host, host.next_at
    host.next_at = now + timedelta(seconds=max(least, host.crawl_delay or 0))
    return host, None


def leave_in_peace(session: Session, name: str, *, seconds: float) -> None:
    """Ask the site nothing for at least so many seconds."""
    host = session.get(Host, name)
    if host is not None:
        host.next_at = max(host.next_at, clock.now() + timedelta(seconds=seconds))
