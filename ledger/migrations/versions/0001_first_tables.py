"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _closing(constraint: sa.ForeignKeyConstraint) -> list[sa.ForeignKeyConstraint]:
    """Two tables refer to each other: SQLite takes the second reference at once, PostgreSQL at the end."""
    return [constraint] if _sqlite() else []


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "role IN ('reader', 'reviewer', 'editor', 'admin')", name=op.f("ck_account_role_known")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_account_version_positive")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_account_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("ix_account_created_at", ["created_at", "id"], unique=False)

    op.create_table(
        "capture",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("final_url", sa.String(length=2000), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'done') = (sha256 IS NOT NULL)", name=op.f("ck_capture_done_has_bytes")),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed')", name=op.f("ck_capture_state_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_capture_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
    )
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.create_index("ix_capture_sha256", ["sha256"], unique=False)

    op.create_table(
        "event",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("stream", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("patch", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("patch_hash", sa.String(length=80), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(patch IS NULL) = (salt IS NULL)", name=op.f("ck_event_redacted_wholly")),
        sa.CheckConstraint("length(leaf_hash) = 64", name=op.f("ck_event_leaf_hash_length")),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_event_seq_from_zero")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_event_version_positive")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
        sa.UniqueConstraint("stream", "version", name=op.f("uq_event_stream_version")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("arguments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(length=2000), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed')", name=op.f("ck_job_state_known")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_job_attempts_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "article",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("byline", sa.String(length=300), nullable=True),
        sa.Column("publisher", sa.String(length=200), nullable=True),
        sa.Column("published", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=True),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=False),
        sa.Column("first_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction IN ('ltr', 'rtl')", name=op.f("ck_article_direction_known")),
        sa.CheckConstraint("source IN ('text', 'file', 'url')", name=op.f("ck_article_source_known")),
        sa.CheckConstraint("length(first_sha256) = 64", name=op.f("ck_article_sha256_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_article_version_positive")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_article_created_by")),
        *_closing(
            sa.ForeignKeyConstraint(
                ["id", "revision_id"],
                ["revision.article_id", "revision.id"],
                name="fk_article_revision",
                initially="DEFERRED",
                deferrable=True,
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("first_sha256", name=op.f("uq_article_first_sha256")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index("ix_article_created_at", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_article_url", ["url"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statement", sa.String(length=2000), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("claimant", sa.String(length=300), nullable=True),
        sa.Column("claimant_cue", sa.String(length=100), nullable=True),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("detector", sa.String(length=60), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("triage", sa.String(length=10), nullable=False),
        sa.Column("dismissed_reason", sa.String(length=1000), nullable=True),
        sa.Column("assignee_id", sa.String(length=36), nullable=True),
        sa.Column("verdict_id", sa.String(length=36), nullable=True),
        sa.Column("stale_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale_reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_note", sa.String(length=4000), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('quantity', 'event', 'attribution', 'law_or_policy', 'cause', 'comparison', 'identity', 'other')",
            name=op.f("ck_claim_kind_known"),
        ),
        sa.CheckConstraint("origin IN ('detector', 'person')", name=op.f("ck_claim_origin_known")),
        sa.CheckConstraint(
            "status IN ('candidate', 'dismissed', 'unchecked', 'checking', 'proposed', 'supported', 'misleading', 'refuted', 'disputed', 'unproven', 'stale', 'withdrawn')",
            name=op.f("ck_claim_status_known"),
        ),
        sa.CheckConstraint(
            "triage = 'accepted' OR assignee_id IS NULL", name=op.f("ck_claim_guess_has_no_assignee")
        ),
        sa.CheckConstraint(
            "triage = 'accepted' OR verdict_id IS NULL", name=op.f("ck_claim_guess_has_no_verdict")
        ),
        sa.CheckConstraint(
            "triage IN ('candidate', 'accepted', 'dismissed')", name=op.f("ck_claim_triage_known")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_note IS NULL)", name=op.f("ck_claim_withdrawn_with_note")
        ),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 1)", name=op.f("ck_claim_score_range")),
        sa.CheckConstraint(
            "(stale_since IS NULL) = (stale_reasons IS NULL)", name=op.f("ck_claim_stale_with_reasons")
        ),
        sa.CheckConstraint(
            "stale_since IS NULL OR verdict_id IS NOT NULL", name=op.f("ck_claim_stale_has_verdict")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_claim_version_positive")),
        sa.ForeignKeyConstraint(["assignee_id"], ["account.id"], name=op.f("fk_claim_assignee_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_claim_created_by")),
        *_closing(
            sa.ForeignKeyConstraint(
                ["id", "verdict_id"],
                ["verdict.claim_id", "verdict.id"],
                name="fk_claim_verdict",
                initially="DEFERRED",
                deferrable=True,
            )
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_claim_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_assignee_id", ["assignee_id", "status"], unique=False)
        batch_op.create_index("ix_claim_created_at", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_claim_status_updated_at", ["status", "updated_at", "id"], unique=False)

    op.create_table(
        "credential",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=True),
        sa.Column("session_key", sa.String(length=64), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credential_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("sha256", name=op.f("uq_sign_in_link_sha256")),
    )
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_link_account_id"), ["account_id"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_token_version_positive")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_token_account_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_token_revoked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index("ix_token_account_id", ["account_id", "id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("quote_prefix", sa.String(length=64), nullable=True),
        sa.Column("quote_suffix", sa.String(length=64), nullable=True),
        sa.Column("quote_start", sa.Integer(), nullable=True),
        sa.Column("quote_end", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("publisher", sa.String(length=200), nullable=True),
        sa.Column("published", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("capture_id", sa.String(length=36), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "stance IN ('supports', 'refutes', 'context')", name=op.f("ck_evidence_stance_known")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_evidence_withdrawn_with_reason"),
        ),
        sa.CheckConstraint(
            "quote_start IS NULL OR (quote_start >= 0 AND quote_end > quote_start AND quote IS NOT NULL)",
            name=op.f("ck_evidence_quote_span"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_evidence_version_positive")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_evidence_added_by")),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_evidence_capture_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_claim_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_evidence_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_claim_id", ["claim_id", "id"], unique=False)

    op.create_table(
        "quantity",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=True),
        sa.Column("high", sa.String(length=60), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=True),
        sa.Column("modifier", sa.String(length=60), nullable=True),
        sa.Column("date", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_quantity_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quantity")),
        sa.UniqueConstraint("claim_id", "position", name=op.f("uq_quantity_claim_id_position")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("article_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("blocks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_revision_sha256_length")),
        sa.CheckConstraint("length(text) = length", name=op.f("ck_revision_length_true")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revision_number_positive")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_revision_article_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_revision_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("article_id", "id", name=op.f("uq_revision_article_id_id")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_revision_article_id_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index("ix_revision_sha256", ["sha256"], unique=False)

    op.create_table(
        "token_secret",
        sa.Column("token_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name=op.f("fk_token_secret_token_id")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_token_secret")),
        sa.UniqueConstraint("sha256", name=op.f("uq_token_secret_sha256")),
    )
    op.create_table(
        "verdict",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("scale", sa.String(length=40), nullable=False),
        sa.Column("scale_version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.Column("status_word", sa.String(length=12), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back_by", sa.String(length=36), nullable=True),
        sa.Column("sent_back_reason", sa.String(length=4000), nullable=True),
        sa.CheckConstraint(
            "state <> 'sent_back' OR sent_back_reason IS NOT NULL",
            name=op.f("ck_verdict_sent_back_has_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'settled' OR settled_at IS NOT NULL", name=op.f("ck_verdict_settled_has_time")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'settled', 'sent_back', 'superseded')", name=op.f("ck_verdict_state_known")
        ),
        sa.CheckConstraint(
            "status_word IN ('supported', 'misleading', 'refuted', 'disputed', 'unproven')",
            name=op.f("ck_verdict_status_word_known"),
        ),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_verdict_digest_length")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_verdict_version_positive")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_verdict_claim_id")),
        sa.ForeignKeyConstraint(["proposed_by"], ["account.id"], name=op.f("fk_verdict_proposed_by")),
        sa.ForeignKeyConstraint(["sent_back_by"], ["account.id"], name=op.f("fk_verdict_sent_back_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint("claim_id", "id", name=op.f("uq_verdict_claim_id_id")),
        sa.UniqueConstraint("id", "proposed_by", name=op.f("uq_verdict_id_proposed_by")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index("ix_verdict_claim_id", ["claim_id", "id"], unique=False)
        batch_op.create_index(
            "uq_verdict_proposed",
            ["claim_id"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.create_index(
            "uq_verdict_settled",
            ["claim_id"],
            unique=True,
            sqlite_where=sa.text("state = 'settled'"),
            postgresql_where=sa.text("state = 'settled'"),
        )

    op.create_table(
        "appearance",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("article_id", sa.String(length=36), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.String(length=64), nullable=False),
        sa.Column("suffix", sa.String(length=64), nullable=False),
        sa.Column("fate", sa.String(length=10), nullable=False),
        sa.Column("quoted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "fate IN ('same', 'moved', 'changed', 'ambiguous', 'orphaned')",
            name=op.f("ck_appearance_fate_known"),
        ),
        sa.CheckConstraint('length(exact) = "end" - start', name=op.f("ck_appearance_span_length")),
        sa.CheckConstraint('start >= 0 AND "end" > start', name=op.f("ck_appearance_span_forward")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_appearance_version_positive")),
        sa.ForeignKeyConstraint(
            ["article_id", "revision_id"],
            ["revision.article_id", "revision.id"],
            name="fk_appearance_revision",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_appearance_article_id")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_appearance_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearance")),
        sa.UniqueConstraint(
            "claim_id",
            "revision_id",
            "start",
            "end",
            name=op.f("uq_appearance_claim_id_revision_id_start_end"),
        ),
    )
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.create_index("ix_appearance_article_id", ["article_id", "start"], unique=False)

    op.create_table(
        "signature",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("verdict_id", sa.String(length=36), nullable=False),
        sa.Column("proposer_id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "capacity <> 'override' OR note IS NOT NULL", name=op.f("ck_signature_override_has_note")
        ),
        sa.CheckConstraint(
            "capacity <> 'second' OR account_id <> proposer_id", name=op.f("ck_signature_second_is_another")
        ),
        sa.CheckConstraint(
            "capacity IN ('second', 'sole', 'override')", name=op.f("ck_signature_capacity_known")
        ),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_signature_digest_length")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_signature_account_id")),
        sa.ForeignKeyConstraint(
            ["verdict_id", "proposer_id"], ["verdict.id", "verdict.proposed_by"], name="fk_signature_verdict"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint("verdict_id", "account_id", name=op.f("uq_signature_verdict_id_account_id")),
    )
    if not _sqlite():
        for name, source, target, theirs, ours in (
            ("fk_article_revision", "article", "revision", "article_id", "revision_id"),
            ("fk_claim_verdict", "claim", "verdict", "claim_id", "verdict_id"),
        ):
            op.create_foreign_key(
                name, source, target, ["id", ours], [theirs, "id"], deferrable=True, initially="DEFERRED"
            )


def downgrade() -> None:
    if not _sqlite():
        op.drop_constraint("fk_article_revision", "article", type_="foreignkey")
        op.drop_constraint("fk_claim_verdict", "claim", type_="foreignkey")
    op.drop_table("signature")
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.drop_index("ix_appearance_article_id")

    op.drop_table("appearance")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_verdict_settled",
            sqlite_where=sa.text("state = 'settled'"),
            postgresql_where=sa.text("state = 'settled'"),
        )
        batch_op.drop_index(
            "uq_verdict_proposed",
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
        batch_op.drop_index("ix_verdict_claim_id")

    op.drop_table("verdict")
    op.drop_table("token_secret")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index("ix_revision_sha256")

    op.drop_table("revision")
    op.drop_table("quantity")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_claim_id")

    op.drop_table("evidence")
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.drop_index("ix_token_account_id")

    op.drop_table("token")
    with op.batch_alter_table("sign_in_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_link_account_id"))

    op.drop_table("sign_in_link")
    op.drop_table("credential")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_status_updated_at")
        batch_op.drop_index("ix_claim_created_at")
        batch_op.drop_index("ix_claim_assignee_id")

    op.drop_table("claim")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index("ix_article_url")
        batch_op.drop_index("ix_article_created_at")

    op.drop_table("article")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_state_due_at")

    op.drop_table("job")
    op.drop_table("event")
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.drop_index("ix_capture_sha256")

    op.drop_table("capture")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index("ix_account_created_at")

    op.drop_table("account")
