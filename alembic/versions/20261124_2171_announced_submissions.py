"""A submission says since when the platform has its manifest."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261124_2171"
down_revision = "20261124_2170"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Null for what was delivered before, too: a manifest that is announced twice is taken once.
    op.add_column(
        "province_submission",
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
    )
    grant("UPDATE (announced_at)", "province_submission")


def downgrade() -> None:
    op.drop_column("province_submission", "announced_at")
