"""The answer to a mutation is kept once it is read, beside the effect that was kept before."""

from alembic import op

from app.database.migrations import application_role, grant

revision = "20261124_2211"
down_revision = "20261124_2210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    grant("UPDATE (status, body)", "idempotent_answer")


def downgrade() -> None:
    op.execute(f"REVOKE UPDATE (status, body) ON idempotent_answer FROM {application_role()}")
