"""Nothing yet: resources."""

revision = "20261123_1900"
down_revision = "20261123_1890"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
