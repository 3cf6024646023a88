"""Nothing yet: credits_six."""

revision = "20261123_1800"
down_revision = "20261122_1790"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
