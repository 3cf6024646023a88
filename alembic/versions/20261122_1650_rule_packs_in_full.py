"""Rule packs in full."""

revision = "20261122_1650"
down_revision = "20261122_1640"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
