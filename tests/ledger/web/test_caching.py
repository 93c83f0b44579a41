"""For how long answers may be kept, and by whom."""

from ledger.app import create_app
from ledger.ids import new_id
from tests.factories import make_claim, make_verdict


def test_how_long_answers_may_be_kept_is_as_the_settings_say(settings, people, database, client):
    who = people.token("reader")
    claim, _ = make_verdict(
        database, people.reviewer, people.editor, claim=make_claim(database, people.editor)
    )
    paths = (f"/api/v1/claims/{claim.id}/status", f"/api/v1/claims/{claim.id}", "/api/v1/claimreviews")

    def kept(client):
        told = [
            client.get(path, headers=who if n < 2 else {}).headers["Cache-Control"]
            for n, path in enumerate(paths)
        ]
        # The second time, the first is answered before Flask.
        assert client.get(paths[0], headers=who).headers["Cache-Control"] == told[0]
        missing = client.get(f"/api/v1/claims/{new_id()}/status", headers=who)
        assert (missing.status_code, missing.headers["Cache-Control"]) == (404, "private, no-cache")
        return told

    assert kept(client) == ["private, no-cache", "private, no-cache", "public, max-age=60"]
    app = create_app(settings.model_copy(update={"lookup_max_age": 30, "public_max_age": 0}))
    assert kept(app.test_client()) == ["private, max-age=30", "private, no-cache", "public, no-cache"]
    app.extensions["ledger"].database.dispose()
