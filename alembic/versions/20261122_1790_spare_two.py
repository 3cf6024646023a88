"""Nothing yet: spare_two."""

revision = "20261122_1790"
down_revision = "20261122_1780"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
