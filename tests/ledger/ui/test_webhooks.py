"""The pages about webhooks, without scripts, against a receiver that really listens."""

import json

import pytest
import standardwebhooks
from sqlmodel import select

from ledger import clock
from ledger.adapters.post import Poster
from ledger.models import Webhook
from ledger.services import deliveries, webhooks
from ledger.store import webhooks as store
from tests.factories import make_claim
from tests.receiver import Listening


@pytest.fixture
def receiver():
    with Listening() as receiver:
        yield receiver


@pytest.fixture
def post(database, receiver):
    """What the worker does."""

    def send():
        deliveries.write_messages(database, "https://ledger.example")
        poster = Poster(allow_networks=("127.0.0.0/8",), ports=(receiver.port,), timeout_seconds=5)
        with database.read() as session:
            due = store.waiting(session, clock.now(), but=(), each=100)
        for id in (id for ids in due.values() for id in ids):
            deliveries.send(database, poster, id, days=5)

    return send


def kept(database):
    with database.read() as session:
        return session.exec(select(Webhook)).one()


def test_an_administrator_sets_one_up_tries_it_and_reads_what_came_of_it(
    signed_in, database, people, receiver, post
):
    page = signed_in(people.admin).open("/accounts").follow("Webhooks")
    assert "There is none yet." in page.text
    page.press(
        "Set up", name="قسم CMS", url=receiver.url, kinds=["claim.status_changed"], others="verdict.signed"
    )
    secret = page.page.get_element_by_id("secret").text
    assert secret.startswith("whsec_")
    hook = kept(database)
    assert hook.kinds == ["claim.status_changed", "verdict.signed"]
    page.open(f"/webhooks/{hook.id}")
    assert secret not in page.html, "it is shown once"
    assert page.value("others") == "verdict.signed"
    page.press("Send a test")
    assert "A test is on its way." in page.text
    receiver.body = "نعم <b>thanks</b>".encode()
    post()
    standardwebhooks.Webhook(secret).verify(receiver.received[0].body, receiver.received[0].headers)
    page.open(f"/webhooks/{hook.id}")
    assert "taken" in page.text
    assert "200, " in page.text
    assert "نعم <b>thanks</b>" in page.text
    assert receiver.received[0].headers["webhook-id"] in page.text
    once_more = next(b for b in page.page.iter("button") if (b.get("aria-label") or "").endswith("once more"))
    page.press(once_more.get("aria-label"))
    post()
    ids = [one.headers["webhook-id"] for one in receiver.received]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(signed_in, database, people, receiver):
    page = signed_in(people.admin).open("/webhooks")
    page.press("Set up", name="CMS", url="nowhere", kinds=["*"], others="claim.nonsense")
    assert page.status == 422
    assert page.value("url") == "nowhere"
    page.press("Set up", name="CMS", url=receiver.url, kinds=["*"], others="claim.nonsense")
    assert "claim.nonsense" in page.text
    assert page.value("others") == "claim.nonsense"
    assert page.page.xpath("//input[@value='*'][@checked]")
    page.press("Set up", name="CMS", url=receiver.url, kinds=[], others="")
    assert "Choose 1 to" in page.text
    with database.read() as session:
        assert session.exec(select(Webhook)).all() == []


def test_a_webhook_is_changed_turned_off_and_taken_away_by_version(signed_in, database, people, receiver):
    page = signed_in(people.admin).open("/webhooks").press("Set up", name="CMS", url=receiver.url)
    hook = kept(database)
    page.open(f"/webhooks/{hook.id}").press("Save", name="Other", active="0")
    assert "The webhook is off" in page.text
    assert (kept(database).name, kept(database).active) == ("Other", False)
    page.press("Save", version="1", name="Mine")
    assert page.status == 412
    assert "Somebody changed this" in page.text
    assert page.value("name") == "Mine"
    page.open(f"/webhooks/{hook.id}").press("New secret")
    assert page.page.get_element_by_id("secret").text.startswith("whsec_")
    assert "signed by the secret before" in page.text
    page.press("Take away for good")
    assert "is gone" in page.text
    assert page.open(f"/webhooks/{hook.id}").status == 404


def test_a_webhook_that_the_ledger_turned_off_says_why(signed_in, database, people, receiver, post):
    page = (
        signed_in(people.admin).open("/webhooks").press("Set up", name="CMS", url=receiver.url, kinds=["*"])
    )
    receiver.status = 410
    make_claim(database, people.reviewer)
    post()
    page.open(f"/webhooks/{kept(database).id}")
    assert "The ledger turned this webhook off." in page.text
    assert "410 Gone" in page.text
    assert page.open("/webhooks").text.count("off") >= 1


def test_messages_are_shown_page_by_page_and_by_state(signed_in, database, people, receiver, post):
    page = signed_in(people.admin).open("/webhooks").press("Set up", name="CMS", url=receiver.url)
    hook = kept(database)
    with database.write() as session:
        for _ in range(33):
            webhooks.test(session, hook.id, by=people.admin)
    page.open(f"/webhooks/{hook.id}")
    assert len(page.page.xpath("//section[@aria-labelledby='h-sent']//li")) == 30
    page.follow("Older")
    assert len(page.page.xpath("//section[@aria-labelledby='h-sent']//li")) == 3
    post()
    page.open(f"/webhooks/{hook.id}?state=waiting")
    assert "None yet." in page.text
    page.follow("33 taken")
    assert json.loads(receiver.received[0].body)["type"] == "webhook.test"


def test_nobody_else_sees_a_webhook(signed_in, database, people, receiver):
    signed_in(people.admin).open("/webhooks").press("Set up", name="CMS", url=receiver.url)
    page = signed_in(people.editor)
    for path in ("/webhooks", f"/webhooks/{kept(database).id}"):
        assert page.open(path).status == 403
