"""Groups that close, terms of duties, one head at a time, and more kinds of groups."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1520"
down_revision = "20261122_1510"
branch_labels = None
depends_on = None

_KINDS = (
    "teaching_research", "lesson_planning", "grade", "theme", "project", "cross_school",
    "cross_region", "learning_community", "mentor_team",
)  # fmt: skip


def _allow(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_research_group_group_kind"), "research_group")
    among = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(
        op.f("ck_research_group_group_kind"), "research_group", f"kind IN ({among})"
    )


def upgrade() -> None:
    _allow(*_KINDS)
    op.add_column("research_group", sa.Column("closed_on", sa.Date(), nullable=True))
    op.execute(
        "ALTER TABLE group_member ADD CONSTRAINT ex_group_member_holds_once EXCLUDE USING gist"
        " (group_id WITH =, teacher_id WITH =, daterange(valid_from, valid_to) WITH &&)"
        " WHERE (superseded_at IS NULL)"
    )
    op.execute(
        "ALTER TABLE group_member ADD CONSTRAINT ex_group_member_head_once EXCLUDE USING gist"
        " (group_id WITH =, daterange(valid_from, valid_to) WITH &&)"
        " WHERE (superseded_at IS NULL AND duty = 'head')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ex_group_member_head_once"), "group_member")
    op.drop_constraint(op.f("ex_group_member_holds_once"), "group_member")
    op.drop_column("research_group", "closed_on")
    _allow(*_KINDS[:6])
