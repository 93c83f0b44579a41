"""One claim with all that belongs to it, as its own page and the workspace show it.

The templates `claims/_*.html` serve both. `place` says where the claim is shown, and every form on it posts
there: nothing for the claim's page, the article and the filter of its list for the workspace. `target` is
the part of the page that htmx puts the answer in.
"""

from collections.abc import Mapping
from typing import Any

from ledger.auth.identity import ROLES, Permission
from ledger.scales import all_scales
from ledger.services import policies
from ledger.store import accounts as accounts_store
from ledger.store import articles as articles_store
from ledger.store import claims as store
from ledger.store import comments as comments_store
from ledger.ui import discussion, listing, pieces, timeline, verdict_parts
from ledger.ui.forms import Forms, Refused
from ledger.web.context import identity, parts, reading


def shown(
    id: str,
    refused: Refused | None = None,
    *,
    place: Mapping[str, Any] | None = None,
    target: str = "#main",
) -> dict[str, Any]:
    """What the parts of a claim need; `refused` is the form on it that was sent and not taken."""
    session = reading()
    file = store.whole(session, id)
    events = timeline.events_of(session, file) + comments_store.events_of(session, id)
    events.sort(key=lambda event: event.seq)
    names = file.names | store.names(session, timeline.people(events))
    tokens = accounts_store.token_names(
        session, [e.actor.split(":")[1] for e in events if e.actor.startswith("token:")]
    )
    spans = [(a.revision_id, a.start, a.end) for a, _ in file.appearances]
    scale = all_scales()[parts().settings.scale]
    policy = policies.of_claim(session, id, parts().policy)
    in_force = [(e, c) for e, c in file.evidence if e.withdrawn_at is None]
    return {
        "file": file,
        "claim": file.claim,
        "places": list(zip(file.appearances, articles_store.surroundings(session, spans), strict=True)),
        "in_force": in_force,
        "looks": pieces.looks(session, file.claim, in_force),
        "taken_back": [(e, c) for e, c in file.evidence if e.withdrawn_at is not None],
        "history": timeline.told(events, names, tokens),
        "names": names,
        "colleagues": [a for a in accounts_store.active(session) if Permission.CLAIMS in ROLES[a.role]],
        **verdict_parts.context(session, file, events, scale, policy),
        "scale": scale,
        "policy": policy,
        "discussion": discussion.of_claim(session, id, identity()),
        "forms": Forms(refused),
        "scale_name": timeline.scale_name,
        "place": dict(place or {}),
        "target": target,
        "listing": listing,
    }
