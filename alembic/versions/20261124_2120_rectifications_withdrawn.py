"""A rectification can be withdrawn."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261124_2120"
down_revision = "20261124_2113"
branch_labels = None
depends_on = None

STATES = ("asked", "proved", "returned", "closed")


def check(name: str, condition: str) -> None:
    """Let the table of rectifications hold to this condition instead of the one of that name."""
    constraint = op.f(f"ck_rectification_{name}")
    op.drop_constraint(constraint, "rectification", type_="check")
    op.create_check_constraint(constraint, "rectification", condition)


def check_states(*states: str) -> None:
    """Let a rectification be in one of these states."""
    listed = ", ".join(f"'{state}'" for state in states)
    check("rectification_state", f"state IN ({listed})")


def upgrade() -> None:
    op.add_column("rectification", sa.Column("withdrawn_because", sa.String(2000), nullable=True))
    op.add_column(
        "rectification", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("rectification", sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_rectification_withdrawn_by"),
        "rectification",
        "account",
        ["withdrawn_by"],
        ["id"],
    )
    check_states(*STATES, "withdrawn")
    check(
        "proved",
        "CASE state WHEN 'asked' THEN proof IS NULL WHEN 'withdrawn' THEN true"
        " ELSE proof IS NOT NULL END",
    )
    check("concluded", "(conclusion IS NOT NULL) OR (state IN ('asked', 'proved', 'withdrawn'))")
    op.create_check_constraint(
        op.f("ck_rectification_withdrawal"),
        "rectification",
        "num_nonnulls(withdrawn_because, withdrawn_at, withdrawn_by)"
        " = CASE state WHEN 'withdrawn' THEN 3 ELSE 0 END",
    )
    # The bureau that asks reads what it asked of a school that has moved away meanwhile.
    op.create_index(
        op.f("ix_rectification_by_unit_id_due_on_id"),
        "rectification",
        ["by_unit_id", "due_on", "id"],
    )
    grant("UPDATE (withdrawn_because, withdrawn_at, withdrawn_by)", "rectification")


def downgrade() -> None:
    op.drop_index(op.f("ix_rectification_by_unit_id_due_on_id"), "rectification")
    op.drop_constraint(op.f("ck_rectification_withdrawal"), "rectification", type_="check")
    # Without the words of a withdrawal such a row could not say what it is.
    op.execute("DELETE FROM rectification WHERE state = 'withdrawn'")
    check("concluded", "(conclusion IS NOT NULL) OR (state IN ('asked', 'proved'))")
    check("proved", "(proof IS NULL) = (state = 'asked')")
    check_states(*STATES)
    for name in ("withdrawn_by", "withdrawn_at", "withdrawn_because"):
        op.drop_column("rectification", name)
