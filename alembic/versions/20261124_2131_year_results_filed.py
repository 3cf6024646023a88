"""Results of a school year are filed in growth files."""

from alembic import op

revision = "20261124_2131"
down_revision = "20261124_2130"
branch_labels = None
depends_on = None

PIECES = (
    "plan", "regulation", "official_document", "activity", "evidence", "topic", "assessment",
    "evaluation", "participation", "credit", "certificate", "goal", "honour", "output",
    "contest_result", "mentorship", "note",
)  # fmt: skip


def check_kinds(*kinds: str) -> None:
    """Let pieces be of these kinds."""
    name = op.f("ck_archive_piece_piece_kind")
    op.drop_constraint(name, "archive_piece", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "archive_piece", f"kind IN ({listed})")


def upgrade() -> None:
    check_kinds(*PIECES, "year_result")


def downgrade() -> None:
    check_kinds(*PIECES)
