"""Money is committed and spent for one output of research."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited

revision = "20261124_2201"
down_revision = "20261124_2200"
branch_labels = None
depends_on = None

THINGS = (
    "activity_id, course_run_id, trainer_hire_id, topic_id, cohort_id, equipment_id,"
    " incentive_id, designation_id, output_id, other_purpose"
)
TABLES = ("fund_commitment", "expense")


def check_purposes(names: str) -> None:
    """Let money be for exactly one of these."""
    for table in TABLES:
        name = op.f(f"ck_{table}_has_one_purpose")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, f"num_nonnulls({names}) = 1")


def upgrade() -> None:
    op.create_unique_constraint(
        op.f("uq_research_output_id_city_id"), "research_output", ["id", "city_id"]
    )
    for table in TABLES:
        op.add_column(table, sa.Column("output_id", sa.Uuid(), nullable=True))
        op.create_index(op.f(f"ix_{table}_output_id"), table, ["output_id"])
        op.create_foreign_key(
            op.f(f"fk_{table}_output_id_city_id"),
            table,
            "research_output",
            ["output_id", "city_id"],
            ["id", "city_id"],
        )
    check_purposes(THINGS)
    for table in TABLES:
        audited(table)


def downgrade() -> None:
    check_purposes(THINGS.replace(" output_id,", ""))
    for table in TABLES:
        op.drop_column(table, "output_id")
        audited(table)
    op.drop_constraint(op.f("uq_research_output_id_city_id"), "research_output", type_="unique")
