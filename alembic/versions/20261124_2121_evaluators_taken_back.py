"""The appointment of an evaluator can be taken back."""

from alembic import op

from app.database.migrations import application_role, grant

revision = "20261124_2121"
down_revision = "20261124_2120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    grant("DELETE", "evaluator")


def downgrade() -> None:
    op.execute(f"REVOKE DELETE ON evaluator FROM {application_role()}")
