"""Replaying the log gives the tables back, whatever was done, in whatever order."""

import random

import pytest
from sqlmodel import select

from ledger.errors import LedgerError
from ledger.migrations import guards
from ledger.models import Claim, Comment, Evidence, Verdict
from ledger.services import articles, claims, comments, desks, detection, evidence, finding, verdicts
from ledger.services.verification import verify
from ledger.store import articles as articles_store
from ledger.store import desks as desks_store
from tests.factories import make_article, make_claim

POLICY = verdicts.Policy()


def _steps(chance, session, who, others):
    """One thing that somebody might do now, right or wrong."""
    claim = chance.choice(session.exec(select(Claim).order_by(Claim.id)).all())
    pieces = session.exec(select(Evidence).order_by(Evidence.id)).all()
    given = session.exec(select(Verdict).order_by(Verdict.id)).all()
    named = {"by": who, "version": chance.choice([claim.version, claim.version, claim.version, 1])}
    words = chance.choice(["So it is.", "Łódź 😀 é", "=1+1", "x" * 300])
    steps = [
        lambda: claims.accept(session, claim.id, **named),
        lambda: claims.dismiss(session, claim.id, reason=words, **named),
        lambda: claims.reopen(session, claim.id, **named),
        lambda: claims.reword(session, claim.id, details={"statement": words}, **named),
        lambda: claims.assign(session, claim.id, to=chance.choice([*others, None]), **named),
        lambda: claims.withdraw(session, claim.id, note=words, **named),
        lambda: evidence.add(
            session,
            claim.id,
            by=who,
            details={"url": "https://example.org/" + str(chance.random()), "stance": "refutes"},
        ),
        lambda: verdicts.propose(
            session,
            claim.id,
            code=chance.choice(["supported", "unproven"]),
            rationale=words,
            policy=POLICY,
            **named,
        ),
    ]
    said = session.exec(select(Comment).order_by(Comment.id)).all()
    steps.append(lambda: comments.add(session, claim.id, by=who, text=words))
    if said:
        one = chance.choice(said)
        on = {"by": who, "version": one.version}
        steps += [
            lambda: comments.edit(session, one.id, text=f"{words}?", **on),
            lambda: comments.remove(session, one.id, **on),
            lambda: comments.restore(session, one.id, **on),
            lambda: comments.resolve(session, one.id, **on),
            lambda: comments.reopen(session, one.id, **on),
        ]
    desk = desks_store.get(session, None)
    threshold = {"threshold": chance.random()}
    steps.append(lambda: desks.change(session, desk.id, by=who, version=desk.version, details=threshold))
    if pieces:
        piece = chance.choice(pieces)
        steps += [
            lambda: evidence.correct(
                session, piece.id, by=who, version=piece.version, details={"note": words}
            ),
            lambda: evidence.withdraw(session, piece.id, by=who, version=piece.version, reason=words),
            lambda: evidence.restore(session, piece.id, by=who, version=piece.version),
        ]
    if given:
        verdict = chance.choice(given)
        steps += [
            lambda: verdicts.sign(session, verdict.id, by=who, digest_seen=verdict.digest, policy=POLICY),
            lambda: verdicts.send_back(session, verdict.id, by=who, reason=words),
        ]
    return chance.choice(steps)


def article_of(database):
    """The newest article."""
    with database.read() as session:
        return articles_store.ids(session)[-1]


@pytest.mark.parametrize("seed", range(3))
def test_a_random_week_at_the_desk_can_be_replayed(database, people, seed):
    chance = random.Random(seed)
    crew = [people.editor, people.editor2, people.reviewer]
    make_article(database, people.editor)
    draft = articles.prepare(
        "The tower has 40 floors. It opened in 1999 after 12 years of work, the mayor said."
    )
    with database.write() as session:
        articles.add(session, draft, by=people.editor)
    done = refused = 0
    article = article_of(database)
    for step in range(120):
        who = chance.choice(crew)
        if step % 30 == 15:
            detection.redetect(database, finding.RULES, article, floor=chance.random())
        try:
            with database.write() as session:
                _steps(chance, session, who, [one.account_id for one in crew])()
            done += 1
        except LedgerError:
            refused += 1
    with database.read() as session:
        report = verify(session)
    assert (report.faults, report.differences) == ([], [])
    assert done > 30
    assert refused > 10


@pytest.mark.parametrize(
    "altered",
    [
        "UPDATE claim SET updated_at = replace(updated_at, ' ', 'T')",
        "UPDATE claim SET updated_at = '2026-01-02 03:04:05.000006'",
        "UPDATE claim SET updated_at = 7",
        "UPDATE claim SET reasons = 'no JSON'",
        "UPDATE claim SET tags = '[\"moved\"]'",
        "UPDATE claim SET score = 0.123456789012345678",
        "UPDATE claim SET statement = CAST(x'ff' AS TEXT)",
        "UPDATE claim SET statement = statement || char(0)",
        "UPDATE appearance SET quoted = 1 - quoted",
        "UPDATE appearance SET placed_at = x'00'",
        "UPDATE event SET at = '2026-01-02 03:04:05.000006'",
        "UPDATE event SET patch = CAST(x'ff' AS TEXT)",
        "UPDATE event SET patch = 'no JSON'",
    ],
)
def test_whatever_is_altered_in_a_file_is_named(database, people, altered):
    if not database.is_sqlite:
        pytest.skip("SQLite keeps any value in any column")
    make_claim(database, people.reviewer)
    with database.engine.begin() as connection:
        guards.remove(connection)
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql(altered)
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
    with database.read() as session:
        report = verify(session)
    assert report.faults or report.differences
