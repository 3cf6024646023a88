"""Doubts about learning lapse when what they rested on is so no more."""

from alembic import op

revision = "20261124_2110"
down_revision = "20261124_2100"
branch_labels = None
depends_on = None

BY_SOMEBODY = "ck_learning_doubt_by_somebody"


def check_states(*states: str) -> None:
    """Let doubts be in one of these states."""
    name = op.f("ck_learning_doubt_learning_doubt_state")
    op.drop_constraint(name, "learning_doubt", type_="check")
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(name, "learning_doubt", f"state IN ({listed})")


def upgrade() -> None:
    check_states("open", "dismissed", "confirmed", "lapsed")
    op.create_check_constraint(
        op.f(BY_SOMEBODY),
        "learning_doubt",
        "(state IN ('dismissed', 'confirmed')) = (decided_by IS NOT NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f(BY_SOMEBODY), "learning_doubt", type_="check")
    op.execute("UPDATE learning_doubt SET state = 'dismissed' WHERE state = 'lapsed'")
    check_states("open", "dismissed", "confirmed")
