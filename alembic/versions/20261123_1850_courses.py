"""Nothing yet: courses."""

revision = "20261123_1850"
down_revision = "20261123_1840"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
