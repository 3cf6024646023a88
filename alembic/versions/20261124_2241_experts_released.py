"""An expert who was asked to score a topic and has not answered can be waited for no longer."""

from alembic import op

revision = "20261124_2241"
down_revision = "20261124_2240"
branch_labels = None
depends_on = None

STATES = ("asked", "scored", "declined")
NAME = "ck_topic_appraisal_appraisal_state"


def upgrade() -> None:
    let_it_be(*STATES, "released")


def let_it_be(*states: str) -> None:
    op.drop_constraint(op.f(NAME), "topic_appraisal")
    listed = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(op.f(NAME), "topic_appraisal", f"state IN ({listed})")


def downgrade() -> None:
    let_it_be(*STATES)
