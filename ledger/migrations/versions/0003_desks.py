"""desks, and jobs that somebody may ask after"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("threshold >= 0 AND threshold <= 1", name=op.f("ck_desk_threshold_range")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_desk_version_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        sa.UniqueConstraint("name", name=op.f("uq_desk_name")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("desk_id", sa.String(length=36), nullable=True))
        batch_op.create_index("ix_article_desk_id", ["desk_id"], unique=False)
        batch_op.create_foreign_key(op.f("fk_article_desk_id"), "desk", ["desk_id"], ["id"])
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index("ix_claim_status_score", ["status", "score"], unique=False)
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.String(length=36), nullable=True))
        batch_op.add_column(
            sa.Column("result", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )
        batch_op.create_index("ix_job_about", ["about"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_about")
        batch_op.drop_column("result")
        batch_op.drop_column("about")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_status_score")
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_article_desk_id"), type_="foreignkey")
        batch_op.drop_index("ix_article_desk_id")
        batch_op.drop_column("desk_id")
    op.drop_table("desk")
