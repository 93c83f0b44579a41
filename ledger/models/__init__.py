"""All tables; importing this package completes the metadata."""

from ledger.models.accounts import Account, Credential, Role, SignInLink, Token, TokenSecret
from ledger.models.articles import Article, Revision
from ledger.models.base import Record, metadata
from ledger.models.changesets import ChangeSet, ChangeSetRow
from ledger.models.claims import CLAIM_WORTH, Appearance, Claim, Fate, Quantity, Status, Triage
from ledger.models.comments import Comment
from ledger.models.desks import DEFAULT_DESK, DEFAULT_THRESHOLD, Desk
from ledger.models.events import CORRECTING, Event
from ledger.models.evidence import Capture, CaptureState, Condition, Evidence, Stance
from ledger.models.fulltext import ClaimWords
from ledger.models.gates import DEFAULT_POLICY, GatePolicy
from ledger.models.jobs import Job, JobState
from ledger.models.looking import Archiving, ArchivingState, Host, Look, LookOutcome, Watch, WatchOutcome
from ledger.models.matching import ClaimVector
from ledger.models.presence import Preference, Presence
from ledger.models.repeats import KeptAnswer
from ledger.models.retirements import ScaleRetirement
from ledger.models.verdicts import SEALED, Capacity, SealedRating, Signature, Verdict, VerdictState
from ledger.models.views import SavedView
from ledger.models.webhooks import Attempt, Delivery, DeliveryState, Webhook, WebhookState

# The tables that the log speaks for, by name.
RECORDS: dict[str, type[Record]] = {
    str(model.__tablename__): model
    for model in (
        Account,
        Token,
        Desk,
        Article,
        Revision,
        Claim,
        Appearance,
        Quantity,
        Capture,
        Evidence,
        Verdict,
        Signature,
        Comment,
        SavedView,
        Webhook,
        GatePolicy,
        ScaleRetirement,
    )
}

__all__ = [
    "CLAIM_WORTH",
    "CORRECTING",
    "DEFAULT_DESK",
    "DEFAULT_POLICY",
    "DEFAULT_THRESHOLD",
    "RECORDS",
    "SEALED",
    "Account",
    "Appearance",
    "Archiving",
    "ArchivingState",
    "Article",
    "Attempt",
    "Capacity",
    "Capture",
    "CaptureState",
    "ChangeSet",
    "ChangeSetRow",
    "Claim",
    "ClaimVector",
    "ClaimWords",
    "Comment",
    "Condition",
    "Credential",
    "Delivery",
    "DeliveryState",
    "Desk",
    "Event",
    "Evidence",
    "Fate",
    "GatePolicy",
    "Host",
    "Job",
    "JobState",
    "KeptAnswer",
    "Look",
    "LookOutcome",
    "Preference",
    "Presence",
    "Quantity",
    "Record",
    "Revision",
    "Role",
    "SavedView",
    "ScaleRetirement",
    "SealedRating",
    "SignInLink",
    "Signature",
    "Stance",
    "Status",
    "Token",
    "TokenSecret",
    "Triage",
    "Verdict",
    "VerdictState",
    "Watch",
    "WatchOutcome",
    "Webhook",
    "WebhookState",
    "metadata",
]
