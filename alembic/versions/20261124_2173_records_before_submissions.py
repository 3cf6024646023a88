"""The records of a submission are written before it, part by part: what it is of is known after them."""

from alembic import op

revision = "20261124_2173"
down_revision = "20261124_2172"
branch_labels = None
depends_on = None

_CHECKED = "ALTER TABLE province_record ALTER CONSTRAINT fk_province_record_submission_id"


def upgrade() -> None:
    op.execute(f"{_CHECKED} DEFERRABLE INITIALLY DEFERRED")


def downgrade() -> None:
    op.execute(f"{_CHECKED} NOT DEFERRABLE")
