"""To be written."""

revision = "20261123_1910"
down_revision = "20261123_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
