"""A set of units that cursors name says when one was last given, so that it can be forgotten."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261124_2172"
down_revision = "20261124_2171"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit_set", sa.Column("used_on", sa.Date(), nullable=True))
    # When a cursor was last given over those that are there, nobody knows: their time begins now.
    op.execute("UPDATE unit_set SET used_on = (now() AT TIME ZONE 'Asia/Shanghai')::date")
    op.alter_column("unit_set", "used_on", nullable=False)
    grant("UPDATE (used_on), DELETE", "unit_set")


def downgrade() -> None:
    op.drop_column("unit_set", "used_on")
