"""revisions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("placed_by", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("cut_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cut_by", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(op.f("fk_appearance_placed_by"), "account", ["placed_by"], ["id"])
        batch_op.create_foreign_key(op.f("fk_appearance_cut_by"), "account", ["cut_by"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_appearance_cut_stands_nowhere"), "cut_at IS NULL OR fate NOT IN ('same', 'moved')"
        )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("fates", _JSON, nullable=True))
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spans", _JSON, nullable=True))
        batch_op.add_column(sa.Column("renews", sa.String(length=36), nullable=True))
        batch_op.create_foreign_key(op.f("fk_verdict_renews"), "verdict", ["renews"], ["id"])
        batch_op.create_index("ix_verdict_renews", ["renews"], unique=False)
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.add_column(sa.Column("carry_harmless", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.drop_column("carry_harmless")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index("ix_verdict_renews")
        batch_op.drop_constraint(op.f("fk_verdict_renews"), type_="foreignkey")
        batch_op.drop_column("renews")
        batch_op.drop_column("spans")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("fates")
        batch_op.drop_column("note")
        batch_op.drop_column("source")
    with op.batch_alter_table("appearance", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_appearance_cut_stands_nowhere"), type_="check")
        batch_op.drop_constraint(op.f("fk_appearance_cut_by"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_appearance_placed_by"), type_="foreignkey")
        batch_op.drop_column("cut_by")
        batch_op.drop_column("cut_at")
        batch_op.drop_column("placed_by")
        batch_op.drop_column("placed_at")
