"""looking again"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_INDEXES = (
    ("ix_evidence_url", ["url"], "capture_id IS NOT NULL"),
    ("ix_evidence_condition", ["condition_at", "id"], "condition IS NOT NULL"),
)


def upgrade() -> None:
    _records()
    op.create_table(
        "host",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("crawl_delay", sa.Float(), nullable=True),
        sa.Column("robots", sa.Text(), nullable=True),
        sa.Column("robots_until", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_table(
        "look",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("struck_at", _MOMENT, nullable=True),
        *_validators(),
        sa.CheckConstraint(
            "outcome IN ('same', 'changed', 'gone', 'unknown')", name=op.f("ck_look_outcome_known")
        ),
        sa.CheckConstraint("strikes BETWEEN 0 AND 3", name=op.f("ck_look_strikes_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
        sa.UniqueConstraint("url", name=op.f("uq_look_url")),
    )
    op.create_index("ix_look_due_at", "look", ["due_at"])
    op.create_table(
        "watch",
        sa.Column("article_id", sa.String(length=36), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("checked_at", _MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.String(length=36), nullable=True),
        *_validators(),
        sa.CheckConstraint(
            "outcome IN ('same', 'revised', 'unlike', 'failed')", name=op.f("ck_watch_outcome_known")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_watch_article_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_watch_revision_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_watch")),
    )
    op.create_index("ix_watch_due_at", "watch", ["due_at"])
    op.create_table(
        "archiving",
        sa.Column("capture_id", sa.String(length=36), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("job_id", sa.String(length=200), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'unknown', 'done', 'failed')",
            name=op.f("ck_archiving_state_known"),
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"], name=op.f("fk_archiving_capture_id")),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_archiving")),
    )
    op.create_index("ix_archiving_due_at", "archiving", ["due_at"])


def _validators() -> list[sa.Column[str]]:
    return [
        sa.Column("etag", sa.String(length=500), nullable=True),
        sa.Column("modified", sa.String(length=100), nullable=True),
        sa.Column("answered_url", sa.String(length=4096), nullable=True),
    ]


def _records() -> None:
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("archived_url", sa.String(length=2100), nullable=True))
        batch_op.add_column(sa.Column("archived_at", _MOMENT, nullable=True))
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("condition", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("condition_at", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("condition_why", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("found_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("seen_at", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("seen_by", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("seen_note", sa.String(length=1000), nullable=True))
        batch_op.create_foreign_key(op.f("fk_evidence_found_id"), "capture", ["found_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_evidence_seen_by"), "account", ["seen_by"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_evidence_condition_known"), "condition IN ('changed', 'dead')"
        )
        batch_op.create_check_constraint(
            op.f("ck_evidence_condition_has_time"), "condition IS NULL OR condition_at IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f("ck_evidence_seen_is_a_condition"), "seen_at IS NULL OR condition IS NOT NULL"
        )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("watch_minutes", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_article_watch_minutes_known"), "watch_minutes IN (15, 60, 360, 1440, 10080)"
        )
    for name, columns, where in _INDEXES:
        op.create_index(
            name, "evidence", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def downgrade() -> None:
    for table in ("archiving", "watch", "look", "host"):
        op.drop_table(table)
    for name, _, _ in _INDEXES:
        op.drop_index(name, table_name="evidence")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_article_watch_minutes_known"), type_="check")
        batch_op.drop_column("watch_minutes")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        for name in ("condition_known", "condition_has_time", "seen_is_a_condition"):
            batch_op.drop_constraint(op.f(f"ck_evidence_{name}"), type_="check")
        batch_op.drop_constraint(op.f("fk_evidence_seen_by"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_evidence_found_id"), type_="foreignkey")
        for name in (
            "condition",
            "condition_at",
            "condition_why",
            "found_id",
            "seen_at",
            "seen_by",
            "seen_note",
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.drop_column("archived_at")
        batch_op.drop_column("archived_url")
