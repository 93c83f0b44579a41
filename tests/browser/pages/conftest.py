"""The same desk as the journeys', with something of everything in it."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ledger.adapters.blobs import FolderBlobs, MemoryBlobs
from ledger.adapters.polite import Polite
from ledger.auth.identity import Identity
from ledger.db import Database
from ledger.ids import new_id
from ledger.models import DEFAULT_DESK, Article, Attempt, Claim, Job, JobState
from ledger.services import (
    articles,
    blind,
    changesets,
    claims,
    comments,
    desks,
    detection,
    imports,
    labels,
    liveness,
    policies,
    reports,
    revisions,
    verdicts,
    views,
    watches,
    webhooks,
)
from ledger.services.returned import Edit, Found, Row
from ledger.store import claims as store
from ledger.store import looks
from tests.browser.journeys.conftest import Desk, browser_of, desk, faults
from tests.factories import make_article, make_capture, make_claim, make_desk, make_evidence, make_verdict
from tests.site import Site

__all__ = ["browser_of", "desk", "faults"]

ARABIC = "افتتاح جسر جديد في المدينة\n\nقال رئيس البلدية إن الجسر كلف 4.2 مليون يورو في عام 2024.\n"
LONG = (
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz\n\nDas Donaudampfschifffahrts"
    "gesellschaftskapitänsmützenabzeichenverordnungsgesetz kostete 2024 mehr als 42 Millionen Euro.\n"
)


@pytest.fixture(scope="session")
def shown(desk: Desk) -> dict[str, str]:
    """The address of each page worth looking at, by name."""
    admin, first, second = desk.person("Ada", "admin"), desk.person("Ben"), desk.person("Cleo", "editor")
    database = desk.database
    mixed = make_claim(
        database,
        first,
        text="Mixed news\n\nThe bridge cost 4.2 million euros. 242 builders signed it in 2024.",
    )
    with database.read() as session:
        article = store.appearances(session, mixed.id)[0].article_id
        candidate = next(c for c, _ in store.of_article(session, article) if c.status == "candidate")
    make_verdict(database, first, claim=mixed)
    settled, _ = make_verdict(
        database,
        first,
        second,
        make_claim(database, first, text="Story A\n\nThere were 242 builders in 2023."),
    )
    stale, _ = make_verdict(
        database,
        first,
        second,
        make_claim(database, first, text="Story B\n\nThere were 242 builders in 2022."),
    )
    with database.write() as session:
        claims.reword(
            session, stale.id, by=first, version=stale.version, details={"statement": "Other words."}
        )
    alone, verdict = make_verdict(
        database,
        second,
        claim=make_claim(database, first, text="Story C\n\nThere were 242 builders in 2021."),
    )
    with database.write() as session:
        verdicts.sign(
            session,
            verdict.id,
            by=second,
            digest_seen=verdict.digest,
            policy=policies.Policy(),
            override=True,
            note="Late.",
        )
    gone = make_claim(database, first, text="Story D\n\nThere were 242 builders in 2020.")
    with database.write() as session:
        claims.withdraw(session, gone.id, by=second, version=gone.version, note="A parody.")
    bare = make_claim(database, first, text="Story E\n\nThere were 242 builders in 2019.")
    source = make_evidence(
        database, first, bare, stance="refutes", title="A source", note="A note", quote="424 builders in 2020"
    )
    make_capture(database, first, source, "Said in 2021\n\nThere were 424 builders in 2020, and 12 towns.")
    outdated, _ = make_verdict(
        database, first, claim=make_claim(database, first, text="Story G\n\nThere were 242 builders in 2018.")
    )
    make_evidence(
        database, second, outdated, url="https://example.org/new", stance="refutes", title="New minutes"
    )
    returned, sent = make_verdict(
        database, admin, claim=make_claim(database, first, text="Story H\n\nThere were 242 builders in 2017.")
    )
    with database.write() as session:
        verdicts.send_back(session, sent.id, by=second, reason="Look at table 4.", code="misleading")
    with database.write() as session:
        said = comments.add(
            session, bare.id, by=first, text="@Ada, is this the figure of 2019 or of 2020? @Nobody"
        )
        comments.add(session, bare.id, by=second, text="Of 2019, by the footnote.")
    with database.write() as session:
        comments.resolve(session, said.id, by=second, version=1)
    arabic = make_article(database, first, text=ARABIC)
    with database.read() as session:
        of_arabic = store.of_article(session, arabic.id)[0][0].id
    long = make_article(database, first, text=LONG, language="de")
    many = make_article(
        database,
        first,
        text="\n\n".join(
            f"The council spent {n + 2}.5 million euros on road {n} in 2024. More than {n + 40} towns paid."
            for n in range(250)
        ),
    )
    make_desk(database, second, threshold=0.8)
    blind_claims = _rated_blind(database, second, first, desk.person("Dora"))
    tags = ["donaudampfschifffahrtsgesellschaftskapit", *(f"schlagwort {n}" for n in range(19))]
    with database.write() as session:
        labels.tag(session, bare.id, by=first, version=session.get_one(Claim, bare.id).version, given=tags)
        late = session.get_one(Article, many.id)
        details = {"tags": tags, "due_at": "2026-01-01"}
        articles.describe(session, many.id, by=first, version=late.version, details=details)
        view = views.add(
            session, by=admin, name="Due soon", lists="claims", query="road 17 due:week,overdue", shared=True
        )
    bare_text = make_article(
        database,
        first,
        "Story F\n\nThe council spent 4.2 million pounds on the bridge in 2024. Good morning to all.",
        floor=1.0,
    )
    with database.write() as session:
        detection.ask(session, bare_text.id, by=first)
    revised = _revised(database, first, second)
    turned = make_article(database, first, text=f"{ARABIC}\nقال إن 242 عاملا شاركوا في البناء.\n").id
    with database.write() as session:
        new = articles.prepare(f"{ARABIC.replace('4.2', '5.2')}\nقال إن 242 عاملا شاركوا في البناء.\n")
        revisions.add(session, turned, new, by=first)
    public = [_published(database, second, claim) for claim in (mixed, settled, stale, alone)]
    corrected = _corrected(database, first, second)
    desk.admin = admin  # type: ignore[attr-defined]
    return {
        "desk": "/",
        "desk, nothing found": "/?q=nothing-of-the-kind",
        "claims": "/claims",
        "claims, narrowed": "/claims?status=stale&mine=1",
        "export": "/export?q=status:supported",
        "claims, facets chosen": "/claims?q=status:unchecked,proposed+kind:quantity+dismissed:yes",
        "claims, a saved view": f"/views/{view.id}",
        "claims, search trouble": "/claims?q=stauts:stale+due:someday+assignee:nobody-of-that-name+status:stale",
        "claims, many tags": "/claims?q=tag:donaudampfschifffahrtsgesellschaftskapit+road+17",
        "desk, search trouble": "/?q=state:stal+publishr:x",
        "desk, facets chosen": "/?q=state:open+due:overdue",
        "bulk preview": "/claims?q=status:unchecked",
        "add article": "/articles/new",
        "article": f"/articles/{article}",
        "article, a proposed claim at hand": f"/articles/{article}?claim={mixed.id}",
        "article, dismissed shown": f"/articles/{article}?dismissed=1",
        "article, right to left": f"/articles/{arabic.id}",
        "article, long words": f"/articles/{long.id}",
        "article, overfull": f"/articles/{many.id}",
        "article, looked for": f"/articles/{bare_text.id}",
        "article, below the threshold": f"/articles/{article}?below=1",
        "texts": f"/articles/{arabic.id}/revisions",
        "a new text, first": f"/articles/{article}/revisions",
        "what changed": f"/articles/{revised}/revisions/compare",
        "what changed, side by side, whole": f"/articles/{revised}/revisions/compare?view=side&show=all",
        "what changed, right to left": f"/articles/{turned}/revisions/compare?view=side",
        "article, with claims that wait": f"/articles/{revised}",
        "coverage": f"/articles/{article}/coverage?threshold=0.3",
        "coverage, uncovered": f"/articles/{bare_text.id}/coverage",
        "coverage, right to left": f"/articles/{arabic.id}/coverage?threshold=0",
        "coverage, nothing": f"/articles/{long.id}/coverage?threshold=1",
        "desks": "/desks",
        "a desk": f"/desks/{DEFAULT_DESK}?threshold=0.75",
        "claims by worth": "/claims?order=worth&status=candidate&below=1&q=builders",
        "new claim": f"/articles/{article}/claims/new?words=242",
        "new claim, not found": f"/articles/{article}/claims/new?words=nowhere",
        "candidate": f"/claims/{candidate.id}",
        "other words for a claim": f"/claims/{settled.id}/move?step=extend-left",
        "split a claim": f"/claims/{settled.id}/split",
        "split a claim, right to left": f"/claims/{of_arabic}/split",
        "merge claims": f"/claims/{bare.id}/merge",
        "merge claims, as it would be": f"/claims/{settled.id}/merge?with={bare.id}",
        "merge claims, refused": f"/claims/{mixed.id}/merge?with={settled.id}&stays={mixed.id}",
        "unchecked claim": f"/claims/{bare.id}",
        "captured text": f"/evidence/{source.id}/capture",
        "sources that changed": "/sources",
        "a source that changed": f"/evidence/{_changed_source(database, first, second)}/source",
        "watched articles": "/watches",
        "a watch": f"/articles/{_watched(database, first)}/watch",
        "proposed claim": f"/claims/{mixed.id}",
        "proposed claim, changed since": f"/claims/{outdated.id}",
        "claim that was sent back": f"/claims/{returned.id}",
        "claim to be rated blind": f"/claims/{blind_claims[0]}",
        "claim that two rated differently": f"/claims/{blind_claims[1]}",
        "scales": "/scales",
        "settled claim": f"/claims/{settled.id}",
        "stale claim": f"/claims/{stale.id}",
        "overridden claim": f"/claims/{alone.id}",
        "withdrawn claim": f"/claims/{gone.id}",
        "article, what is there already": f"/articles/{article}/matches?all=1",
        "claim, said elsewhere": f"/claims/{settled.id}/matches",
        "insights": "/insights",
        "insights, nothing in the period": "/insights?from=2020-01-01&to=2020-02-01&zone=Asia/Tokyo",
        "insights, refused": "/insights?from=yesterday",
        "own page": "/me",
        "keys": "/me/keys",
        "search": "/search?q=builders",
        "first sign-in": "/me?first=1",
        "accounts": "/accounts",
        "policies": "/policies",
        "a policy": "/policies/standard",
        "changes by spreadsheet": "/changes",
        "a change set": f"/changes/{_changes(database, first, bare, mixed, settled, gone)}",
        "import": "/imports",
        "columns of an import": f"/imports/columns?name=table.csv&sha256={_table(database)}",
        "an import": f"/imports/{_import(database, first)}",
        "webhooks": "/webhooks",
        "webhook": f"/webhooks/{_webhook(database, admin)}",
        "not found": "/nothing",
        "report, being checked": f"/reports/{public[0]}",
        "report": f"/reports/{public[1]}",
        "report, looked at again": f"/reports/{public[2]}",
        "report, overridden": f"/reports/{public[3]}",
        "report, preview": f"/articles/{arabic.id}/report",
        "report, not open": f"/reports/{arabic.id}",
        "method": "/method",
        "corrections": "/corrections",
        "what a change reaches": f"/claims/{corrected}/reach",
        "published claim, proposed again": f"/claims/{corrected}",
        "mentions": "/mentions",
        "card": f"/claims/{settled.id}/card",
        "claim, as it stood": f"/claims/{stale.id}?at=2999-01-01",
        "style guide": "/styleguide",
    }


def _rated_blind(database: Database, editor: Identity, *readers: Identity) -> list[str]:
    """Claims of a desk that rates blind: one that waits for the second rating, one rated differently."""
    first, second = readers
    with database.write() as session:
        blind_desk = desks.add(session, by=editor, name="Blind", blind=True, independent_evidence=False)
    found = []
    for number in range(2):
        text = f"Story Q{number}\n\nThere were 242 builders in 199{number}."
        make_article(database, first, text, desk_id=blind_desk.id)
        claim, verdict = make_verdict(database, first, claim=make_claim(database, first, text=text))
        found.append(claim.id)
    with database.write() as session:
        blind.rate(
            session, verdict.id, by=second, digest_seen=verdict.digest, policy=policies.Policy(), code="refuted",
            rationale="The minutes name 424 builders, and the register says the same of the year before.",
        )  # fmt: skip
    return found


def _revised(database: Database, first: Identity, second: Identity) -> str:
    """The id of an article that got a new text: a claim changed, one is gone, one in two places, one moved."""
    parts = [
        "Story R",
        "There were 242 builders in 1988, the register says, and nobody else was paid.",
        "The road was closed for 12 days in May, and 300 homes had no power.",
        "The county pays 90,000 euros a year for the detour that the buses use.",
        "The bridge has 25 lamps, and each of them costs the town 3 euros a day.",
    ]
    old = "\n\n".join(parts)
    article = make_article(database, first, old, floor=1.0)
    for words in ("242 builders", "90,000 euros a year", "300 homes had no power", "25 lamps"):
        make_verdict(database, first, second, make_claim(database, first, words, old))
    lamps = [f"On {day} the bridge has 25 lamps, the mayor said." for day in ("Monday", "Tuesday")]
    new = "\n\n".join([parts[0], parts[1].replace("242", "424"), *lamps, "Rain fell.", parts[2]])
    with database.write() as session:
        revisions.add(session, article.id, articles.prepare(new), by=first)
    return article.id


def _changes(database: Database, by: Identity, *some: Claim) -> str:
    """The id of a change set with a cell of each state, and with what can't be taken."""
    with database.read() as session:
        now = [session.get_one(Claim, one.id) for one in some]
    rows = [
        Row(n + 2, one.id, one.version - (n == 0), [
            Edit("statement", one.statement if n else "Said before.", f"Not so: {one.statement}", f"Not so: {one.statement}"),
            Edit("tags", "", ", ".join(f"schlagwort {k}" for k in range(12)), [f"schlagwort {k}" for k in range(12)]),
            Edit("kind", one.kind, one.kind, one.kind),
        ])
        for n, one in enumerate(now)
    ]  # fmt: skip
    rows[1].refuse(
        "verdict_label", "Falsch", "A verdict is proposed and signed at the claim, with its evidence."
    )
    last = Row(99)
    last.refuse("claim_id", "x" * 200, "There is no claim with this id.")
    found = Found("UTF-8", "semicolon", 240, [], ["meine Notizen"], [*rows, last], 3)
    with database.write() as session:
        return changesets.keep(session, found, by=by, name="Ansprüche im November, überarbeitet.csv").id


_TABLE = (
    "Behauptung;Wer;Link;Prüfung\n"
    f"Die Brücke kostete 4,2 Millionen Euro.;Die Bürgermeisterin;https://news.example/{'lang' * 40};https://check.example/1\n"
    ";niemand;;\n"
).encode()


def _changed_source(database: Database, first: Identity, second: Identity) -> str:
    """The id of evidence under a settled verdict, whose source has other words by now."""
    claim = make_claim(database, first, text="Story S\n\nThere were 242 builders in 2019.")
    url = f"https://archive.example/{'accounts-of-the-bridge-' * 6}"
    piece = make_evidence(
        database, first, claim, url=url, title="The accounts of 2019", quote="242 builders in 2019"
    )
    before = [f"Page {n} of the accounts says nothing of builders at all." for n in range(9)]
    make_capture(
        database, first, piece, "\n\n".join(["The accounts", "There were 242 builders in 2019.", *before])
    )
    make_verdict(database, first, second, claim)
    after = ["The accounts, corrected", "There were 424 builders in 2019.", *before]
    liveness.plan(database, hours=168)
    with database.read() as session:
        look = looks.of_url(session, url)
    site = Site("\n\n".join(after).encode(), "text/plain")
    liveness.look(database, Polite(site, database, seconds=0), MemoryBlobs(), look.id, hours=168)
    return piece.id


def _watched(database: Database, by: Identity) -> str:
    """The id of an article that is watched, whose site answers with an error."""
    article = make_article(
        database, by, "Watched\n\nThe tram cost 12 million.", url="https://news.example/tram"
    )
    with database.write() as session:
        watches.set_(session, article.id, by=by, version=article.version, every="hour")
    site = Site(failure="There is no page at this address (HTTP status 404).")
    watches.run(database, Polite(site, database, seconds=0), article.id, reading={})
    return article.id


def _blobs(database: Database) -> FolderBlobs:
    return FolderBlobs(Path(str(database.engine.url.database)).parent / "captures")


def _table(database: Database) -> str:
    """The name of a table that was sent and not mapped yet."""
    return _blobs(database).put(_TABLE)


def _import(database: Database, by: Identity) -> str:
    """The id of a trial, with a row that is refused."""
    blobs = _blobs(database)
    with database.write() as session:
        asked = imports.ask(
            session, blobs, _TABLE, by=by, name="Behauptungen.csv", format="csv",
            mapping={"statement": "Behauptung", "url": "Link"}, dry_run=True,
        )  # fmt: skip
        # Whatever worker there is leaves it alone.
        job = session.get_one(Job, asked.id)
        job.state, job.finished_at = JobState.DONE, job.created_at
    told = imports.run(database, blobs, job.arguments, lease=timedelta(minutes=1))
    with database.write() as session:
        session.get_one(Job, asked.id).result = told
    return asked.id


def _webhook(database: Database, admin: Identity) -> str:
    """The id of a webhook that the ledger turned off, with a message that was tried in vain."""
    with database.write() as session:
        hook, _ = webhooks.add(
            session,
            by=admin,
            name="CMS of the regional newsroom",
            url="https://cms.example.org/hooks/claim-ledger?of=the-regional-newsroom",
            kinds=["claim.status_changed", "verdict.*", "evidence.corrected"],
        )
        failing = webhooks.test(session, hook.id, by=admin)
        answer = {"status": 503, "milliseconds": 812, "answer": "<h1>Unavailable</h1> " * 12}
        session.add(Attempt(id=new_id(), delivery_id=failing.id, at=failing.created_at, **answer))
        failing.state, failing.finished_at = "failed", failing.created_at
        webhooks.test(session, hook.id, by=admin)
        webhooks.stop(session, hook, "No message got through since 2026-11-18 09:12 UTC.")
        webhooks.test(session, hook.id, by=admin)
        return hook.id


def _published(database: Database, editor: Identity, claim: Claim) -> str:
    """The id of a claim's article, its report now open to anybody."""
    with database.write() as session:
        place = store.first_places(session, [claim.id])[claim.id][0]
        article = session.get_one(Article, place.article_id)
        return reports.publish(session, article.id, by=editor, version=article.version).id


def _corrected(database: Database, first: Identity, second: Identity) -> str:
    """The id of a claim of which readers were told another rating before, with a third one that waits."""
    claim = make_claim(database, first, text="Story I\n\nThere were 242 builders in 2016, says the register.")
    claim, _ = make_verdict(database, first, second, claim)
    _published(database, second, claim)
    for code in ("refuted", "misleading"):
        with database.write() as session:
            version = session.get_one(Claim, claim.id).version
            verdict = verdicts.propose(
                session, claim.id, by=first, version=version, code=code, policy=policies.Policy(),
                rationale="The register says otherwise.",
            )  # fmt: skip
        if code == "refuted":
            with database.write() as session:
                verdicts.sign(
                    session, verdict.id, by=second, digest_seen=verdict.digest, policy=policies.Policy(),
                    correction="The register was corrected: it has 424 names, of which 182 are towns.",
                )  # fmt: skip
    return claim.id


PAGES = [
    "desk", "desk, nothing found", "desk, search trouble", "desk, facets chosen", "claims", "claims, narrowed", "export",
    "claims, facets chosen", "claims, a saved view", "claims, search trouble", "claims, many tags", "bulk preview",
    "add article", "article",
    "article, looked for", "article, below the threshold", "coverage", "coverage, uncovered", "coverage, right to left",
    "coverage, nothing", "desks", "a desk", "claims by worth",
    "article, a proposed claim at hand", "article, dismissed shown", "article, right to left", "article, long words", "article, overfull", "new claim",
    "new claim, not found", "candidate", "unchecked claim", "captured text",
    "sources that changed", "a source that changed", "watched articles", "a watch", "proposed claim", "settled claim", "stale claim",
    "claim to be rated blind", "claim that two rated differently", "scales",
    "overridden claim", "withdrawn claim", "article, what is there already", "claim, said elsewhere", "own page", "keys", "search", "first sign-in", "accounts", "not found", "policies", "a policy", "webhooks", "webhook",
    "changes by spreadsheet", "a change set", "import", "columns of an import", "an import",
    "style guide", "insights", "insights, nothing in the period", "insights, refused", "proposed claim, changed since",
    "claim that was sent back", "report, being checked", "report", "report, looked at again", "report, overridden",
    "report, preview", "report, not open", "method", "corrections", "what a change reaches",
    "published claim, proposed again", "card", "claim, as it stood",
    "mentions", "other words for a claim", "split a claim", "split a claim, right to left", "merge claims",
    "merge claims, as it would be", "merge claims, refused",
    "a new text, first", "texts", "what changed", "what changed, side by side, whole", "what changed, right to left",
    "article, with claims that wait",
]  # fmt: skip


def _look_at_a_deed(page: Page) -> None:
    for box in page.get_by_role("checkbox", name="Choose").all()[:3]:
        box.check()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("dialog", name="What will change")).to_be_visible()


# What is to be done on a page before it is looked at.
STEPS = {"bulk preview": _look_at_a_deed}

# Those that are kept as pictures.
MAIN = {
    "desk", "claims", "export", "a change set", "columns of an import", "an import", "add article", "article", "article, right to left", "article, long words", "article, overfull",
    "coverage", "candidate", "proposed claim", "settled claim", "stale claim", "own page", "accounts", "desks",
    "style guide", "insights", "claim that was sent back", "report", "report, overridden", "method", "claim, as it stood",
    "corrections", "what a change reaches", "published claim, proposed again",
    "a source that changed", "a watch",
}  # fmt: skip
