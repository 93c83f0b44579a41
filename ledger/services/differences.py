"""What is otherwise than when a verdict was proposed, and the same in sentences: why a claim is stale."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from claims.values import dataclass
from ledger.models import Appearance, Claim, Evidence, ScaleRetirement, Verdict
from ledger.services import digests, history
from ledger.store import retirements as retirements_store
from ledger.store import revisions as revisions_store

DIFFERENCES = (
    "statement", "span", "evidence_added", "evidence_taken_back", "evidence_changed", "scale_retired",
    "source_changed", "source_dead",
)  # fmt: skip
MOST_REASONS = 20
_LONGEST = 160
Fates = Mapping[str, Mapping[str, Any]]
"""What became of appearances when the newest text came, by appearance, as a revision keeps it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise than when a verdict was proposed.

    `what` is one of DIFFERENCES; `was` and `now` are the words that differ, none where there were none.
    `subject` names the piece of evidence by its title or address, and the column that changed, or the scale.
    `fate` is what became of a place that waits for a person, or `cut`, `placed`, `added` or `removed`.
    """

    what: str
    was: str | None
    now: str | None
    subject: str | None = None
    by: str | None = None
    at: datetime | None = None
    note: str | None = None
    fate: str | None = None


def found(
    session: Session,
    claim: Claim,
    verdict: Verdict,
    places: Sequence[Appearance],
    evidence: Sequence[Evidence],
    *,
    fates: Fates | None = None,
) -> list[Difference]:
    """Each thing that a signature under `verdict` binds to and that is not as it was.

    How statement and evidence were comes from the log; what was signed of the places, from the verdict.
    `fates` saves reading those of the newest texts.
    """
    past = history.claim_at(session, claim.id, verdict.proposed_at)
    differ: list[Difference] = []
    if past.claim.get("statement") != claim.statement:
        differ.append(Difference("statement", past.claim.get("statement"), claim.statement))
    before = verdict.spans if verdict.spans is not None else [_signed(row) for row in past.appearances]
    differ += of_places(session, claim, before, places, fates=fates)
    differ += _other_evidence(past.evidence, evidence)
    differ += _retired(session, verdict)
    return differ


def of_places(
    session: Session,
    claim: Claim,
    signed: Iterable[Mapping[str, Any]],
    places: Sequence[Appearance],
    *,
    fates: Fates | None = None,
) -> list[Difference]:
    """The places that are not what was signed of them; `signed` is as `Verdict.spans` keeps it."""
    before = {str(span["appearance"]): dict(span) for span in signed}
    differ: list[Difference] = []
    for place in places:
        was = before.pop(place.id, None)
        if was is None:
            differ.append(Difference("span", None, place.exact, fate="added"))
        elif not digests.stands(was, place, claim.language):
            differ += _otherwise(session, was, place, fates)
    gone = (Difference("span", span["exact"], None, fate="removed") for span in before.values())
    return [*differ, *gone]


def _otherwise(
    session: Session, was: Mapping[str, Any], place: Appearance, fates: Fates | None
) -> Iterator[Difference]:
    if place.cut_at is not None:
        yield Difference("span", was["exact"], None, by=place.cut_by, at=place.cut_at, fate="cut")
    elif not digests.waits(place):
        yield Difference(
            "span", was["exact"], place.exact, by=place.placed_by, at=place.placed_at, fate="placed"
        )
    else:
        told = (fates or {}).get(place.id) or revisions_store.fates(session, place.article_id).get(
            place.id, {}
        )
        changes = [*told.get("changes", ()), *told.get("beside", ())] if place.fate == "changed" else []
        for change in changes:
            yield Difference("span", change["before"], change["after"], fate="changed")
        if not changes:
            now = place.exact if place.fate == "ambiguous" else None
            yield Difference("span", place.exact, now, note=told.get("reason"), fate=str(place.fate))


def _signed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A place as it stood, as a verdict that was proposed then would keep it."""
    return {
        "appearance": row["id"],
        "revision": row["revision_id"],
        "start": row["start"],
        "end": row["end"],
        "exact": row["exact"],
        "fate": "cut" if row.get("cut_at") else row["fate"],
        "placed_at": row.get("placed_at"),
    }


def _other_evidence(then: list[history.Row], now: Sequence[Evidence]) -> Iterator[Difference]:
    before = {row["id"]: row for row in then}
    for piece in now:
        row, subject = before.get(piece.id), piece.title or piece.url
        stood = row is not None and row.get("withdrawn_at") is None
        if piece.withdrawn_at is None and not stood:
            by, at = (piece.added_by, piece.added_at) if row is None else (None, None)
            yield Difference("evidence_added", None, piece.quote, subject, by, at)
        elif piece.withdrawn_at is not None and stood:
            yield Difference(
                "evidence_taken_back", piece.quote, None, subject, piece.withdrawn_by, piece.withdrawn_at,
                piece.withdrawn_reason,
            )  # fmt: skip
        elif row is not None and stood:
            if digests.unseen(piece):
                yield Difference(
                    f"source_{piece.condition}", None, None, subject, at=piece.condition_at,
                    note=piece.condition_why,
                )  # fmt: skip
            for name in ("stance", "quote", "note", "url"):
                if row.get(name) != getattr(piece, name):
                    yield Difference(
                        "evidence_changed", row.get(name), getattr(piece, name), f"{subject}: {name}"
                    )


def _retired(session: Session, verdict: Verdict) -> Iterator[Difference]:
    if verdict.retired_at is not None:
        yield of_scale(verdict, retirements_store.standing(session, verdict.scale, verdict.scale_version))


def of_scale(verdict: Verdict, retirement: ScaleRetirement | None) -> Difference:
    """That the scale of a verdict was retired since it was proposed."""
    by, note = (retirement.retired_by, retirement.reason) if retirement else (None, None)
    name = f"{verdict.scale}, version {verdict.scale_version}"
    return Difference("scale_retired", verdict.label, None, name, by, verdict.retired_at, note)


# ------------------------------------------------------------------------------------- in sentences


def reasons(differ: Sequence[Difference]) -> list[str]:
    """Differences as sentences, each once, with the words that differ; MOST_REASONS at most."""
    told = list(dict.fromkeys(map(sentence, differ)))
    if len(told) > MOST_REASONS:
        told = [*told[: MOST_REASONS - 1], f"And {len(told) - MOST_REASONS + 1} more things changed"]
    return told or ["What was signed is no longer what stands here"]


def sentence(one: Difference) -> str:
    """One difference in a sentence without a full stop, such as `The words changed: “242” → “424”`."""
    subject, note = _short(one.subject or ""), f" ({_short(one.note)})" if one.note else ""
    if one.what == "statement":
        return f"The statement changed: {arrow(one.was, one.now)}"
    if one.what == "evidence_added":
        return f"Evidence was added: {subject}"
    if one.what == "evidence_taken_back":
        return f"Evidence was taken back: {subject}{note}"
    if one.what == "evidence_changed":
        return f"Evidence was corrected: {subject}: {arrow(one.was, one.now)}"
    if one.what == "source_changed":
        return f"A source changed: {subject}{note}"
    if one.what == "source_dead":
        return f"A source is dead: {subject}{note}"
    if one.what == "scale_retired":
        return f"The scale was retired: {subject}{note}"
    return _place_sentence(one)


def _place_sentence(one: Difference) -> str:
    words = f"“{_short(one.was or one.now or '')}”"
    if one.fate in ("changed", "placed") and one.was != one.now:
        return f"The words changed: {arrow(one.was, one.now)}"
    return {
        "changed": f"The words changed: {words}",
        "placed": f"A person placed the words anew: {words}",
        "ambiguous": f"The words stand in several places now: {words}",
        "orphaned": f"The article no longer has the words: {words}",
        "cut": f"The words were cut from the article: {words}",
        "added": f"The claim stands in another place too: {words}",
        "removed": f"The claim lost a place: {words}",
    }[one.fate or "changed"]


def arrow(was: str | None, now: str | None) -> str:
    """`“242” → “424”`: of two texts only what differs between their common first and last words."""
    if not was or not now:
        return f"{f'“{_short(was)}”' if was else 'nothing'} → {f'“{_short(now)}”' if now else 'nothing'}"
    old, new = was.split(), now.split()
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    # A word that only came or went is told with the one before it.
    if first and (first + last in (len(old), len(new))):
        first -= 1
    parts = (" ".join(words[first : len(words) - last]) for words in (old, new))
    return " → ".join(f"“{_short(part)}”" for part in parts)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 2] + " …"
