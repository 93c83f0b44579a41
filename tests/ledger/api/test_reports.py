"""The public report by the API: the same rules, and the same markup as the page has."""

import json

import lxml.html

from tests.factories import make_article, make_claim, make_verdict
from tests.ledger.api.helpers import V1, get, ok


def test_a_program_opens_reads_and_closes_a_report(client, database, people):
    claim, _ = make_verdict(
        database, people.reviewer, people.editor, make_claim(database, people.reviewer), "refuted"
    )
    article = make_article(database, people.reviewer)
    editor, path = people.token("editor"), f"/articles/{article.id}/report"
    before = get(client, path, editor)
    shown = ok(before)
    assert (shown["since"], shown["settled"], shown["open"], shown["corrections"]) == (None, 1, 0, 0)
    assert shown["url"] == f"http://localhost/reports/{article.id}"
    assert client.get(f"/reports/{article.id}").status_code == 404
    named = {**editor, "If-Match": before.headers["ETag"]}
    opened = client.put(V1 + path, headers=named)
    assert ok(opened)["since"] is not None
    page = lxml.html.fromstring(client.get(f"/reports/{article.id}").text)
    assert json.loads(page.xpath("//script")[0].text) == ok(opened)["claim_reviews"]
    assert ok(opened)["claim_reviews"][0]["url"] == f"{shown['url']}#claim-{claim.id}"
    assert ok(client.put(V1 + path, headers=named), 412)["current"]["report_since"] is not None
    closed = client.delete(V1 + path, headers={**editor, "If-Match": opened.headers["ETag"]})
    assert ok(closed)["since"] is None and client.get(f"/reports/{article.id}").status_code == 404


def test_only_who_may_publish_can_open_a_report(client, database, people):
    article = make_article(database, people.reviewer)
    path = f"/articles/{article.id}/report"
    reviewer = people.token("reviewer")
    assert client.put(V1 + path, headers={**reviewer, "If-Match": '"1"'}).status_code == 403
    narrow = people.token("editor", "ledger:read", "articles:write")
    assert client.put(V1 + path, headers={**narrow, "If-Match": '"1"'}).status_code == 403
    assert ok(client.put(V1 + path, headers=people.token("editor")), 428)
    assert get(client, "/articles/nothing/report", reviewer).status_code == 404


def test_what_readers_are_told_of_a_claim_and_where_its_badge_is(client, database, people):
    claim, _ = make_verdict(
        database, people.reviewer, people.editor, make_claim(database, people.reviewer), "refuted"
    )
    article, editor = make_article(database, people.reviewer), people.token("editor")
    path = f"/claims/{claim.id}/report"
    before = ok(get(client, path, editor))
    assert [before[name] for name in ("public", "standing", "article_id", "url")] == [False, None, None, None]
    assert client.get(before["badge"]).status_code == 404
    ok(client.put(f"{V1}/articles/{article.id}/report", headers={**editor, "If-Match": '"1"'}))
    after = ok(get(client, path, editor))
    assert (after["public"], after["standing"], after["article_id"]) == (True, "settled", article.id)
    assert after["url"] == f"http://localhost/reports/{article.id}#claim-{claim.id}"
    assert client.get(after["badge"]).mimetype == "image/svg+xml"
    assert client.get(after["card"]).status_code == 200
    assert ok(get(client, "/claims/nothing/report", editor), 404)
