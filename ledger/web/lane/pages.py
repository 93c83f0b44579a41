"""Claims and pages of claims, read without Flask."""

from ledger.store.desks import thresholds_of
from ledger.store.readout import claim_file, claims_page
from ledger.store.ways import Raw
from ledger.web.lane.answers import JSON, Whole, tag_of
from ledger.web.lane.kept import LONG, Kept
from ledger.web.listing import understood
from ledger.web.paging import write_keys

_DESKS = "SELECT id, threshold FROM desk"


def claim(kept: Kept, id: str) -> Whole | None:
    """A claim with all that belongs to it; for who holds the lock."""
    # One statement, which sees one state by itself.
    found = claim_file(Raw(kept.near.connection, kept.names), id, itself=True)
    if found is not None and found.merged_into is not None:
        with kept.near.one_state() as connection:
            found = claim_file(Raw(connection, kept.names), id)
    if found is None:
        return None
    return Whole(found.body, tag_of(found.body, found.version), JSON, "/api/v1/claims/<id>")


def page(kept: Kept, path: str, query: str) -> Whole | None:
    """A page of claims; None where Flask must answer."""
    asked = understood(query)
    if asked is None or not kept.far.lock.acquire(timeout=LONG):
        return None
    try:
        # Taken before the state that is read: what is written later drops these, and not what comes after.
        names, known = kept.names, kept.thresholds
        with kept.far.one_state() as connection:
            if not known:
                known.append(thresholds_of(connection.execute(_DESKS)))
            body, following = claims_page(Raw(connection, names), known[0], asked.wish, write_keys)
    finally:
        kept.far.lock.release()
    link = [] if following is None else [("Link", f'<{asked.further(path, following)}>; rel="next"')]
    return Whole(body, tag_of(body), [*JSON, *link], path)
