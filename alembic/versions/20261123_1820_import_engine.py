"""Nothing yet: import_engine."""

revision = "20261123_1820"
down_revision = "20261123_1810"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
