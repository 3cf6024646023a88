"""To be written."""

revision = "20261123_1940"
down_revision = "20261123_1930"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
