"""gate policies"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "gate_policy",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("passes", _JSON, nullable=False),
        sa.Column("kinds", _JSON, nullable=True),
        sa.Column("candidates_from", sa.Float(), nullable=True),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("max_age_days", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_gate_policy_version_positive")),
        sa.CheckConstraint(
            "candidates_from IS NULL OR (candidates_from BETWEEN 0 AND 1)", name=op.f("ck_gate_policy_share")
        ),
        sa.CheckConstraint("signatures BETWEEN 0 AND 10", name=op.f("ck_gate_policy_signatures_range")),
        sa.CheckConstraint(
            "max_age_days IS NULL OR max_age_days BETWEEN 1 AND 36500", name=op.f("ck_gate_policy_age_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_policy")),
        sa.UniqueConstraint("name", name=op.f("uq_gate_policy_name")),
    )


def downgrade() -> None:
    op.drop_table("gate_policy")
