"""full text of claims"""

import sqlalchemy as sa
from alembic import op

from ledger.fulltext import COLUMNS, INDEX, LEXEMES, rebuild

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim_words",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("claim_id", sa.String(length=36), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("claimant", sa.Text(), nullable=False),
        sa.Column("around", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_words_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_words")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_claim_words_claim_id")),
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(
            f"CREATE VIRTUAL TABLE {INDEX} USING fts5({', '.join(COLUMNS)}, content='claim_words',"
            " content_rowid='id', tokenize='ascii', prefix='3')"
        )
    else:
        op.execute(f"CREATE INDEX {INDEX} ON claim_words USING gin (({LEXEMES}))")
    rebuild(connection)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TABLE {INDEX}")
    op.drop_table("claim_words")
