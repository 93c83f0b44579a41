"""claims by worth, of all and of one status, and watched articles: a page looks at no more than it shows"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    worth = sa.text("coalesce(score, -1.0)")
    op.drop_index("ix_claim_status_score", table_name="claim")
    op.create_index("ix_claim_worth", "claim", [worth, "id"], unique=False)
    op.create_index("ix_claim_status_worth", "claim", ["status", worth, "id"], unique=False)
    watched = sa.text("watch_minutes IS NOT NULL")
    op.create_index(
        "ix_article_watched", "article", ["id"], unique=False, sqlite_where=watched, postgresql_where=watched
    )


def downgrade() -> None:
    op.drop_index("ix_article_watched", table_name="article")
    op.drop_index("ix_claim_status_worth", table_name="claim")
    op.drop_index("ix_claim_worth", table_name="claim")
    op.create_index("ix_claim_status_score", "claim", ["status", "score"], unique=False)
