"""Of those whom a notice or a survey addresses, only who counts in certain strata."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261124_2240"
down_revision = "20261124_2230"
branch_labels = None
depends_on = None

THINGS = ("notice", "survey")
MOVED = tuple(f"{thing}_candidate.teacher_id" for thing in THINGS)


def upgrade() -> None:
    for thing in THINGS:
        op.add_column(
            thing,
            sa.Column("strata", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        )
        grant("UPDATE (strata)", thing)
        audited(thing)
        make_candidates(thing)
    moved_with_person(*MOVED)


def make_candidates(thing: str) -> None:
    table, owner = f"{thing}_candidate", f"{thing}_id"
    op.create_table(
        table,
        sa.Column(owner, sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint([owner], [f"{thing}.id"], name=op.f(f"fk_{table}_{owner}")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f(f"fk_{table}_teacher_id")
        ),
        sa.PrimaryKeyConstraint(owner, "teacher_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_teacher_id_{owner}"), table, ["teacher_id", owner])
    grant("SELECT, INSERT", table)


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    for thing in THINGS:
        op.drop_table(f"{thing}_candidate")
        op.drop_column(thing, "strata")
        audited(thing)
