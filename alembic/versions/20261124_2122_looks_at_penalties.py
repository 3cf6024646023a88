"""Whoever reads a penalty leaves a look."""

from alembic import op

revision = "20261124_2122"
down_revision = "20261124_2121"
branch_labels = None
depends_on = None


def check_kinds(*kinds: str) -> None:
    """Let looks be of these kinds."""
    name = op.f("ck_look_look_kind")
    op.drop_constraint(name, "look", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(name, "look", f"kind IN ({listed})")


def upgrade() -> None:
    check_kinds("revealed", "found", "penalty")


def downgrade() -> None:
    # A look at a penalty has no name in the release before.
    op.execute("DELETE FROM look WHERE kind = 'penalty'")
    check_kinds("revealed", "found")
