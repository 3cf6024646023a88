"""Nothing yet: mentorships."""

revision = "20261123_1880"
down_revision = "20261123_1870"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
