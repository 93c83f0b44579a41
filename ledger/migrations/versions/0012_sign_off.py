"""sign-off"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_WORDS = "'supported', 'misleading', 'refuted', 'disputed', 'unproven'"
_BEFORE = (
    "kind IN ('verdict.signed', 'verdict.overridden', 'claim.withdrawn', 'claim.reopened', "
    "'claim.dismissed', 'claim.merged_away', 'claim.undone', 'claim.redone')"
)
_AFTER = (
    "kind IN ('verdict.signed', 'verdict.overridden', 'verdict.decided', 'verdict.renewed', "
    "'claim.withdrawn', 'claim.reopened', 'claim.dismissed', 'claim.merged_away', 'claim.undone', "
    "'claim.redone')"
)


def upgrade() -> None:
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("signatures", sa.String(length=3), nullable=True))
        batch_op.add_column(sa.Column("min_evidence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("independent_evidence", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("blind", sa.Boolean(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_desk_signatures_known"), "signatures IN ('one', 'two')")
        batch_op.create_check_constraint(op.f("ck_desk_min_evidence_range"), "min_evidence BETWEEN 1 AND 5")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seal", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("seal_salt", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("second_code", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("second_label", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("second_rationale", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("second_at", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("second_by", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("retired_at", _MOMENT, nullable=True))
        batch_op.create_foreign_key(op.f("fk_verdict_second_by"), "account", ["second_by"], ["id"])
        batch_op.drop_constraint(op.f("ck_verdict_status_word_known"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_verdict_status_word_known"), f"status_word IN ({_WORDS}, 'sealed')"
        )
        batch_op.create_check_constraint(
            op.f("ck_verdict_settled_is_open"), "state <> 'settled' OR status_word <> 'sealed'"
        )
    op.create_table(
        "sealed_rating",
        sa.Column("verdict_id", sa.String(length=36), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("content", _JSON, nullable=False),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdict.id"], name=op.f("fk_sealed_rating_verdict_id")),
        sa.PrimaryKeyConstraint("verdict_id", name=op.f("pk_sealed_rating")),
    )
    op.create_table(
        "scale_retirement",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scale", sa.String(length=40), nullable=False),
        sa.Column("scale_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("retired_at", _MOMENT, nullable=False),
        sa.Column("retired_by", sa.String(length=36), nullable=False),
        sa.Column("reinstated_at", _MOMENT, nullable=True),
        sa.Column("reinstated_by", sa.String(length=36), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_scale_retirement_version_positive")),
        sa.CheckConstraint(
            "(reinstated_at IS NULL) = (reinstated_by IS NULL)",
            name=op.f("ck_scale_retirement_reinstated_by_somebody"),
        ),
        sa.ForeignKeyConstraint(["retired_by"], ["account.id"], name=op.f("fk_scale_retirement_retired_by")),
        sa.ForeignKeyConstraint(
            ["reinstated_by"], ["account.id"], name=op.f("fk_scale_retirement_reinstated_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scale_retirement")),
    )
    op.create_index(
        "uq_scale_retirement_standing",
        "scale_retirement",
        ["scale", "scale_version"],
        unique=True,
        sqlite_where=sa.text("reinstated_at IS NULL"),
        postgresql_where=sa.text("reinstated_at IS NULL"),
    )
    _index(_AFTER)


def downgrade() -> None:
    _index(_BEFORE)
    op.drop_index("uq_scale_retirement_standing", table_name="scale_retirement")
    op.drop_table("scale_retirement")
    op.drop_table("sealed_rating")
    op.execute("UPDATE verdict SET status_word = 'unproven' WHERE status_word = 'sealed'")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_verdict_settled_is_open"), type_="check")
        batch_op.drop_constraint(op.f("ck_verdict_status_word_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_verdict_status_word_known"), f"status_word IN ({_WORDS})")
        batch_op.drop_constraint(op.f("fk_verdict_second_by"), type_="foreignkey")
        for name in (
            "retired_at", "second_by", "second_at", "second_rationale", "second_label", "second_code",
            "seal_salt", "seal",
        ):  # fmt: skip
            batch_op.drop_column(name)
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_desk_min_evidence_range"), type_="check")
        batch_op.drop_constraint(op.f("ck_desk_signatures_known"), type_="check")
        for name in ("blind", "independent_evidence", "min_evidence", "signatures"):
            batch_op.drop_column(name)


def _index(correcting: str) -> None:
    op.drop_index("ix_event_correcting", table_name="event")
    op.create_index(
        "ix_event_correcting",
        "event",
        ["seq"],
        unique=False,
        sqlite_where=sa.text(correcting),
        postgresql_where=sa.text(correcting),
    )
