"""Nothing: the clock of a sandbox is made where a sandbox is, so that the product has none."""

revision = "20261123_1840"
down_revision = "20261123_1830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
