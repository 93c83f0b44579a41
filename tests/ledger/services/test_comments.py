"""The discussion of a claim."""

import pytest
from sqlmodel import Session

from ledger.auth.identity import SYSTEM
from ledger.errors import Conflict, Forbidden, Invalid, NotFound, Outdated
from ledger.ids import new_id
from ledger.services import accounts, comments
from ledger.services.verification import verify
from ledger.store import comments as store
from tests.factories import make_claim, make_verdict
from tests.ledger.services.desk import do, kinds, now


@pytest.fixture
def named(database):
    """People by the name that others call them by."""

    def make(name, role="reviewer"):
        email = f"{new_id()}@example.org"
        return accounts.identity_of(
            do(database, accounts.create, by=SYSTEM, email=email, name=name, role=role)
        )

    return make


def test_what_is_said_names_people_and_leaves_claim_and_signature_as_they_are(database, named):
    ben, cleo = named("Ben Adams"), named("Cleo")
    claim, _ = make_verdict(database, ben, cleo)
    comment = do(database, comments.add, claim.id, by=ben, text="  @cleo, is this 2023? @Nobody \x00")
    assert (comment.text, comment.mentions) == ("@cleo, is this 2023? @Nobody", [cleo.account])
    assert now(database, claim) == claim
    assert kinds(database, comment) == ["comment.added"]
    with database.read() as session:
        assert [event.kind for event in store.events_of(session, claim.id)] == ["comment.added"]
        assert verify(session).faults == []


def test_only_who_said_it_edits_it_and_an_editor_may_take_it_back(database, named):
    ben, cleo, editor = named("Ben"), named("Cleo"), named("Edith", "editor")
    claim = make_claim(database, ben)
    comment = do(database, comments.add, claim.id, by=ben, text="Which year?")
    with pytest.raises(Forbidden):
        do(database, comments.edit, comment.id, by=editor, version=1, text="Mine")
    with pytest.raises(Forbidden):
        do(database, comments.remove, comment.id, by=cleo, version=1)
    changed = do(database, comments.edit, comment.id, by=ben, version=1, text="Which year, @Cleo?")
    assert (changed.version, changed.mentions) == (2, [cleo.account])
    assert do(database, comments.edit, comment.id, by=ben, version=2, text="Which year, @Cleo?").version == 2
    with pytest.raises(Outdated):
        do(database, comments.remove, comment.id, by=ben, version=1)
    do(database, comments.remove, comment.id, by=editor, version=2)
    with pytest.raises(Conflict):
        do(database, comments.edit, comment.id, by=ben, version=3, text="Again")
    assert do(database, comments.restore, comment.id, by=ben, version=3).removed_at is None


def test_a_question_is_settled_and_opened_again(database, named):
    ben, cleo = named("Ben"), named("Cleo")
    comment = do(database, comments.add, make_claim(database, ben).id, by=ben, text="Which year?")
    settled = do(database, comments.resolve, comment.id, by=cleo, version=1)
    assert settled.resolved_by == cleo.account
    with pytest.raises(Conflict):
        do(database, comments.resolve, comment.id, by=ben, version=2)
    opened = do(database, comments.reopen, comment.id, by=ben, version=2)
    assert (opened.resolved_at, opened.resolved_by) == (None, None)
    assert kinds(database, comment) == ["comment.added", "comment.resolved", "comment.reopened"]


def test_nothing_and_too_much_are_refused_and_so_is_a_reader(database, named):
    ben, reader = named("Ben"), named("Rita", "reader")
    claim = make_claim(database, ben)
    for text in ("", " \u200b\n", "x" * (comments.LONGEST + 1)):
        with pytest.raises(Invalid):
            do(database, comments.add, claim.id, by=ben, text=text)
    with pytest.raises(Forbidden):
        do(database, comments.add, claim.id, by=reader, text="Hello")
    with pytest.raises(NotFound):
        do(database, comments.add, new_id(), by=ben, text="Hello")


def test_what_names_somebody_is_unread_until_they_look(database, named):
    ben, cleo = named("Ben"), named("Cleo")
    claim = make_claim(database, ben)

    def unread() -> int:
        with database.read() as session:
            return store.unread(session, cleo.account)

    first = do(database, comments.add, claim.id, by=ben, text="@Cleo?")
    do(database, comments.add, claim.id, by=ben, text="Nobody")
    do(database, comments.add, claim.id, by=cleo, text="I, @Cleo, say so")
    assert unread() == 1
    do(database, comments.look, by=cleo)
    assert unread() == 0
    do(database, comments.edit, first.id, by=ben, version=1, text="@Cleo, please?")
    assert unread() == 1
    do(database, comments.remove, first.id, by=ben, version=2)
    assert unread() == 0
    with database.read() as session:
        rows, _ = store.mentioning(session, cleo.account)
        assert [row.Comment.text for row in rows] == ["I, @Cleo, say so"]


def test_a_name_is_shown_where_it_stands_also_after_its_owner_left(database, named):
    ben, cleo = named("Ben"), named("Cleo")
    admin = named("Ada", "admin")
    comment = do(database, comments.add, make_claim(database, ben).id, by=ben, text="Ask @Cleo.")
    do(database, accounts.change, cleo.account, by=admin, version=1, details={"active": False})

    def shown(session: Session):
        return comments.namer(session, [comment])(comment).mentions

    (mention,) = do(database, shown)
    assert comment.text[mention.start : mention.end] == "@Cleo"
    assert do(database, comments.meant, "@Cleo").people == []
