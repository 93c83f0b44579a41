"""How texts are cut into words, which words find which, and that the words kept are those of the records."""

import re

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import fulltext
from ledger.fulltext import AROUND, CLAIMANT, DESK, STATEMENT, TOLD, cut, few, newest, phrase, place_of
from ledger.ids import new_id
from ledger.models import Claim
from ledger.services import articles, claims, reports, spans, undo
from tests.factories import make_article, make_claim, make_verdict
from tests.ledger.services.desk import do


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The bridge cost €4.2 million!", "the bridge cost € 4 2 million"),
        ("ÉCOLE Łódź Straße İstanbul", "ecole łodz strasse istanbul"),
        ("ﬁne ½ ①", "fine 1 2 1"),
        ("正式に発表", "正 式 に 発 表"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("السَّلَام", "السلام"),
        ("snake_case a\x00b '; DROP \" * -", "snake case a b drop"),
        ("🦊🦊", "🦊 🦊"),
        ("%_ -", ""),
    ],
)
def test_a_text_is_cut_into_words_without_case_and_accents(text, words):
    assert " ".join(cut(text)) == words


@given(st.text(st.characters(max_codepoint=127), max_size=150))
@settings(max_examples=60, deadline=None)
def test_plain_texts_are_cut_at_all_but_letters_and_figures(text):
    assert cut(text) == [word[:60] for word in re.findall("[0-9a-z]+", text.lower())]


def test_a_word_has_no_end_of_its_own_but_a_figure_has():
    def open_(text):
        return phrase(text).open

    assert open_("bud") and open_("civil rig") and open_("정부")
    assert not open_("EU") and not open_("242") and not open_("発表") and not open_("rights 42")
    assert phrase(" &% ") is None
    assert len(cut("x" * 500)[0]) == 60


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_no_word_holds_what_a_search_would_read_as_a_sign(text):
    for word in cut(text):
        assert word and " " not in word and '"' not in word and "'" not in word and "\\" not in word
        assert "%" not in word and "_" not in word and "\x00" not in word


@pytest.fixture
def ledger(database, people):
    """A few claims with words in every column."""
    by = people.reviewer
    one = make_claim(
        database, by, statement="The ÉCOLE's civil rights cost 242 euros.", claimant="Mayor Łuczak"
    )
    two = make_claim(database, by, "12 towns", statement="正式に発表した Budgets of 1990.")
    return database, one, two


def _found(database, text, columns=DESK):
    with database.read() as session:
        asked = [one for word in text.split("+") if (one := phrase(word, columns))]
        ids = few(session, asked, 100)
        assert newest(session, asked, None, 100) == ids
        for one in asked:
            query = sa.select(Claim.id).where(fulltext.holds(one, Claim.id))
            assert set(ids) <= set(session.execute(query).scalars())
        return ids


def test_words_are_found_where_they_begin_in_the_columns_asked(ledger):
    database, one, two = ledger
    for text in ("ecole", "Civil Rig", "242 euros", "Łuczak+civil", "rights cost"):
        assert _found(database, text) == [one.id], text
    assert _found(database, "発表") == [two.id] and _found(database, "表発") == []
    assert _found(database, "budget") == [two.id] and _found(database, "udgets") == []
    assert _found(database, "24") == _found(database, "rights civil") == _found(database, "199") == []
    assert _found(database, "euros mayor") == []
    assert _found(database, "Łuczak", (STATEMENT,)) == [] and _found(database, "Łuczak", (CLAIMANT,)) == [
        one.id
    ]
    assert {one.id, two.id} <= set(_found(database, "opens new bridge", (AROUND,)))


def test_more_than_a_few_are_told_apart_and_read_newest_first(ledger):
    database, one, two = ledger
    with database.read() as session:
        title = [phrase("opens new bridge")]
        whole = newest(session, title, None, 100)
        assert whole == sorted(whole, reverse=True) and {one.id, two.id} <= set(whole)
        assert few(session, title, 1) is None
        assert newest(session, title, two.id, 1) == [id for id in whole if id < two.id][:1]


def _kept(database):
    with database.read() as session:
        return [tuple(row) for row in session.execute(sa.text("SELECT * FROM claim_words ORDER BY id"))]


def test_the_words_stay_in_step_with_the_records_whatever_is_done(database, people):
    by, cleo = people.reviewer, people.editor
    claim = make_claim(database, by, statement="It cost 7 ducats.")
    assert _found(database, "ducats") == [claim.id]
    do(database, claims.reword, claim.id, by=by, version=1, details={"statement": "It cost 8 florins."})
    assert _found(database, "ducats") == [] and _found(database, "florins") == [claim.id]
    settled, _ = make_verdict(database, by, cleo, claim)
    assert settled.id in _found(database, "supported", (TOLD,))
    with database.read() as session:
        version = session.get_one(Claim, claim.id).version
    do(database, claims.withdraw, claim.id, by=cleo, version=version, note="Misread the zebra.")
    assert _found(database, "zebra", (TOLD,)) == [claim.id]
    article = make_article(database, by, "Other\n\nThe village has 7 trees in 2024.")
    do(database, articles.describe, article.id, by=by, version=1, details={"title": "Quokkas"})
    with database.read() as session:
        others = few(session, [phrase("quokka")], 100)
        assert others and claim.id not in others
    before = _kept(database)
    with database.write() as session:
        assert fulltext.rebuild(session.connection()) == len(before)
    assert _kept(database) == before
    assert _found(database, "florins") == [claim.id]


def _signed(database, *ids):
    """Which of these claims full text takes for settled, and which for standing in an open report."""
    with database.read() as session:
        found = [few(session, [sign], 100) or [] for sign in (fulltext.IS_SETTLED, fulltext.IS_OPEN)]
    return tuple([id for id in some if id in ids] for some in found)


def _of(database, id):
    with database.read() as session:
        return session.get_one(Claim, id)


def test_full_text_knows_which_claims_are_settled_and_which_reports_are_open(database, people):
    by, cleo = people.reviewer, people.editor
    claim, other = make_claim(database, by), make_claim(database, by, "12 towns")
    elsewhere = make_claim(database, by, "7 trees", "Other\n\nThe village has 7 trees in 2024.")
    ids = claim.id, other.id, elsewhere.id
    assert _signed(database, *ids) == ([], [])
    article = make_article(database, by)
    do(database, reports.publish, article.id, by=cleo, version=1)
    assert _signed(database, *ids) == ([], [other.id, claim.id])
    settled, _ = make_verdict(database, by, cleo, claim)
    assert _signed(database, *ids) == ([claim.id], [other.id, claim.id])
    do(database, claims.reword, claim.id, by=by, version=settled.version, details={"statement": "243 men"})
    assert _of(database, claim.id).status == "stale"
    assert _signed(database, *ids) == ([], [other.id, claim.id])
    with database.write() as session:
        versions = _of(database, elsewhere.id).version, _of(database, other.id).version
        merged = dict(zip(("version", "other_version"), versions, strict=True))
        spans.merge(session, elsewhere.id, other.id, by=cleo, **merged)
    assert _signed(database, *ids) == ([], [elsewhere.id, claim.id])
    assert elsewhere.id in _found(database, "bridge"), "found by the title of the place that came to it"
    before = _kept(database)
    with database.write() as session:
        fulltext.rebuild(session.connection())
    assert _kept(database) == before
    do(database, reports.unpublish, article.id, by=cleo, version=2)
    assert _signed(database, *ids) == ([], [])


def test_what_a_merge_brought_is_not_found_any_more_once_the_merge_is_taken_back(database, people):
    by, cleo = people.reviewer, people.editor
    claim, other = make_claim(database, by), make_claim(database, by, "7 trees", "Elm\n\nThere are 7 trees.")
    article = make_article(database, by, "Elm\n\nThere are 7 trees.")
    do(database, reports.publish, article.id, by=cleo, version=1)
    before = _kept(database)
    versions = {"version": claim.version, "other_version": other.version}
    do(database, spans.merge, claim.id, other.id, by=cleo, **versions)
    merged = _kept(database)
    assert _signed(database, claim.id, other.id) == ([], [claim.id]) and claim.id in _found(database, "elm")
    done = do(database, undo.undo_latest, by=cleo, claim_id=claim.id)
    assert _signed(database, claim.id, other.id) == ([], [other.id]) and _kept(database) == before
    do(database, undo.undo, done.first, done.last, by=cleo)
    assert _kept(database) == merged


def test_what_full_text_knows_besides_the_words_is_found_by_no_word(database, people):
    make_verdict(database, people.reviewer, people.editor)
    for text in ("settled", "open", "¶settled", "so settled", "tle"):
        assert _found(database, text, (TOLD,)) == [], text


def test_words_are_found_with_figures_and_without(ledger):
    database, one, two = ledger
    for text, found in (
        ("242+EU+euros", []),
        ("242+civil", [one.id]),
        ("12+1990+budget", [two.id]),
        ("12+1991+budget", []),
        ("242+12+budget", []),
        ("12+242", []),
    ):
        assert _found(database, text) == found, text


def test_ids_made_at_the_same_moment_get_places_of_their_own(ledger):
    database, one, two = ledger
    with database.write() as session:
        connection = session.connection()
        connection.execute(sa.text("DELETE FROM claim_words"))
        fulltext.reindex(connection)
        rows = [fulltext.Wording(claim.id, "Twice the zebra.") for claim in (one, two)]
        made = [row.row() for row in rows]
        made[1]["id"] = made[0]["id"]
        fulltext.insert(connection, made)
    with database.read() as session:
        assert set(few(session, [phrase("zebra")], 100)) == {one.id, two.id}
    assert place_of(new_id()) < place_of(new_id())


def test_a_beginning_finds_each_word_that_goes_on_from_it_few_or_many(database, people, monkeypatch):
    statements = ["The plans.", "The planners plan.", "A planet.", "The plain planes.", "Unplanned."]
    text = "Towns\n\n" + " ".join(f"There are {n} towns." for n in range(100, 105))
    made = [
        make_claim(database, people.reviewer, f"{n} towns", text, statement=statement)
        for n, statement in enumerate(statements, 100)
    ]
    wanted = [claim.id for claim in reversed(made[:4])]
    for most in (64, 2, 0):
        monkeypatch.setattr(fulltext, "_ENDINGS", most)
        monkeypatch.setattr(fulltext, "_ENDINGS_OF_A_PHRASE", most)
        assert _found(database, "plan") == wanted
        assert _found(database, "the plan") == [made[1].id, made[0].id]
        assert _found(database, "plans") == [made[0].id]
