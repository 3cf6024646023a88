"""On whose behalf a volume was put together, its destruction proposed, or a model case submitted."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261124_2123"
down_revision = "20261124_2122"
branch_labels = None
depends_on = None

COLUMNS = (
    ("archive_volume", "assembled_for"),
    ("archive_destruction", "proposed_for"),
    ("model_case_version", "submitted_for"),
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
        name = op.f(f"fk_{table}_{column}")
        op.create_foreign_key(name, table, "account", [column], ["id"])
    grant("UPDATE (assembled_for)", "archive_volume")
    grant("UPDATE (submitted_for)", "model_case_version")


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_column(table, column)
