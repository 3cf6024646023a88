"""Nothing yet: import_kinds."""

revision = "20261123_1810"
down_revision = "20261123_1800"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
