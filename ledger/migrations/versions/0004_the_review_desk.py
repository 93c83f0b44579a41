"""the review desk"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preference",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_preference_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_preference")),
    )
    op.create_table(
        "presence",
        sa.Column("page", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("article_id", sa.String(length=36), nullable=True),
        sa.Column("claim_id", sa.String(length=36), nullable=True),
        sa.Column("editing", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_presence_account_id")),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_presence")),
    )
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.create_index("ix_presence_article_id", ["article_id", "seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_presence_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("lists", sa.String(length=10), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=36), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lists IN ('claims', 'articles')", name=op.f("ck_saved_view_lists_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_saved_view_version_positive")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_saved_view_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index("ix_saved_view_created_by", ["created_by", "id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=36), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(resolved_at IS NULL) = (resolved_by IS NULL)", name=op.f("ck_comment_resolved_by_somebody")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_comment_version_positive")),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_comment_added_by")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_comment_claim_id")),
        sa.ForeignKeyConstraint(["resolved_by"], ["account.id"], name=op.f("fk_comment_resolved_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_claim_id", ["claim_id", "id"], unique=False)

    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )
        batch_op.add_column(sa.Column("report_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_article_due_at", ["due_at", "id"], unique=False)

    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("publisher", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("published", sa.String(length=40), nullable=True))

    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("tags", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True)
        )
        batch_op.add_column(sa.Column("merged_into", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("split_from", sa.String(length=36), nullable=True))
        batch_op.create_index("ix_claim_merged_into", ["merged_into"], unique=False)
        batch_op.create_index("ix_claim_split_from", ["split_from"], unique=False)
        batch_op.create_index("ix_claim_updated_at", ["updated_at", "id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_claim_merged_into"), "claim", ["merged_into"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_claim_split_from"), "claim", ["split_from"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_claim_merged_is_put_aside"), "merged_into IS NULL OR triage = 'dismissed'"
        )

    with op.batch_alter_table("quantity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent_back_code", sa.String(length=60), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_column("sent_back_code")

    with op.batch_alter_table("quantity", schema=None) as batch_op:
        batch_op.drop_column("gone_at")

    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_claim_merged_is_put_aside"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_claim_split_from"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_claim_merged_into"), type_="foreignkey")
        batch_op.drop_index("ix_claim_updated_at")
        batch_op.drop_index("ix_claim_merged_into")
        batch_op.drop_index("ix_claim_split_from")
        batch_op.drop_column("split_from")
        batch_op.drop_column("merged_into")
        batch_op.drop_column("tags")

    with op.batch_alter_table("capture", schema=None) as batch_op:
        batch_op.drop_column("published")
        batch_op.drop_column("publisher")
        batch_op.drop_column("title")

    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index("ix_article_due_at")
        batch_op.drop_column("report_since")
        batch_op.drop_column("tags")
        batch_op.drop_column("due_at")

    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_claim_id")

    op.drop_table("comment")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index("ix_saved_view_created_by")

    op.drop_table("saved_view")
    with op.batch_alter_table("presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_presence_claim_id"))
        batch_op.drop_index("ix_presence_article_id")

    op.drop_table("presence")
    op.drop_table("preference")
