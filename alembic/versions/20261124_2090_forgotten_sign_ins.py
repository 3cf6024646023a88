"""Tokens whose time is over, and sign-ins that nobody uses any more, are forgotten."""

from alembic import op

from app.database.migrations import application_role, grant

revision = "20261124_2090"
down_revision = "20261123_2080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_refresh_token_expires_at"), "refresh_token", ["expires_at"])
    op.create_index(op.f("ix_sign_in_last_used_at"), "sign_in", ["last_used_at"])
    grant("DELETE", "refresh_token", "sign_in")


def downgrade() -> None:
    op.execute(f"REVOKE DELETE ON refresh_token, sign_in FROM {application_role()}")
    op.drop_index(op.f("ix_sign_in_last_used_at"), table_name="sign_in")
    op.drop_index(op.f("ix_refresh_token_expires_at"), table_name="refresh_token")
