"""ledger detect: articles' claims looked for again, as jobs."""

from sqlmodel import select

from ledger.models import Article, Job
from ledger.services.verification import verify
from tests.factories import TEXT, make_article, make_desk


def _articles(database, people, number=2):
    return [make_article(database, people.admin, f"{TEXT}\nNote {n}.\n", floor=1.0).id for n in range(number)]


def _jobs(database):
    with database.read() as session:
        return list(session.exec(select(Job)))


def test_all_articles_are_looked_through_and_then_left_out(ledger, database, people):
    _articles(database, people)
    done = ledger("detect", "--all", "--wait")
    assert done.code == 0, done.err
    assert "2 to be read by " in done.out
    assert "2 done, 0 failed." in done.err
    assert [(job.state, job.result["added"] > 0) for job in _jobs(database)] == [("done", True)] * 2
    again = ledger("detect", "--all", "--wait").out
    assert again.startswith("0 to be read by ") and ", 2 left out" in again
    assert "2 done" in ledger("detect", "--all", "--again", "--wait").err
    with database.read() as session:
        assert verify(session).sound


def test_articles_are_brought_in_for_a_desk(ledger, database, people, tmp_path):
    desk = make_desk(database, people.admin)
    (tmp_path / "one.txt").write_text(TEXT)
    assert ledger("ingest", "--desk", "health", tmp_path / "one.txt").code == 0
    with database.read() as session:
        assert session.exec(select(Article.desk_id)).all() == [desk.id]
    assert "There are: Desk, Health." in ledger("ingest", "--desk", "sport", tmp_path / "one.txt").err


def test_one_article_is_promised_to_the_workers(ledger, database, people):
    first, _ = _articles(database, people)
    assert ledger("detect", first).code == 0
    assert ledger("detect", first).code == 0
    assert [(job.about, job.state) for job in _jobs(database)] == [(first, "queued")]


def test_what_can_not_be_done_is_told(ledger, database, people):
    assert people.admin
    assert ledger("detect").code == 2
    assert ledger("detect", "--all", "x").code == 2
    unknown = ledger("detect", "--all", "--detector", "ruels")
    assert (unknown.code, "ruels" in unknown.err) == (1, True)
    assert "openai” is off" in ledger("detect", "--all", "--detector", "openai").err
    assert ledger("detect", "01a2060b-e223-782a-96f6-dd90419789f1").code == 1


def test_a_detector_that_fails_is_told_at_the_end(ledger, database, people, monkeypatch):
    _articles(database, people, 1)
    monkeypatch.setenv("LEDGER_OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LEDGER_OPENAI_MODEL", "tiny")
    monkeypatch.setenv("LEDGER_JOB_ATTEMPTS", "1")
    done = ledger("detect", "--all", "--wait", "--detector", "openai")
    assert done.code == 1
    assert "can't be reached" in done.err
    assert "0 done, 1 failed." in done.err
    assert "Traceback" not in done.err
