"""Nothing yet: what_ifs."""

revision = "20261122_1710"
down_revision = "20261122_1700"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
