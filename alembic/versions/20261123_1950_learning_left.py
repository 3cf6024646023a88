"""What a choice requires, a version that waits, for whom a delegate acted; what goes along with a merged school."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import application_role, audited, grant

revision = "20261123_1950"
down_revision = "20261123_1940"
branch_labels = None
depends_on = None

ACTED_FOR = (("self_study", "submitted_for"), ("course_run", "ended_for"))
FOLLOWING = ("topic", "research_output", "resource")


def upgrade() -> None:
    for name, kind in (("required_course_ids", sa.Uuid()), ("required_strata", sa.Text())):
        op.add_column(
            "choice_offering",
            sa.Column(name, sa.ARRAY(kind), server_default=sa.text("'{}'"), nullable=False),
        )
    for table, name in ACTED_FOR:
        op.add_column(table, sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_{name}"), table, "account", [name], ["id"])
        grant(f"UPDATE ({name})", table)
        audited(table)
    op.add_column("resource", sa.Column("waiting_version", sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_resource_version_waits"),
        "resource",
        "waiting_version IS NULL OR asked_at IS NOT NULL",
    )
    grant("UPDATE (waiting_version)", "resource")
    op.add_column(
        "resource_version", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True)
    )
    grant("UPDATE (refused_at)", "resource_version")
    for table in ("resource", "resource_version", "choice_offering"):
        audited(table)
    # A school that is merged brings along what is studied in it, and what it keeps.
    grant("UPDATE (county_id, school_id)", *FOLLOWING)
    # Of two members who are one person one row is left, with both shares.
    grant("UPDATE (share, duty)", "topic_member")


def downgrade() -> None:
    role = application_role()
    op.execute(f"REVOKE UPDATE (share, duty) ON topic_member FROM {role}")
    op.execute(f"REVOKE UPDATE (county_id, school_id) ON {', '.join(FOLLOWING)} FROM {role}")
    op.drop_column("resource_version", "refused_at")
    op.drop_column("resource", "waiting_version")
    for table, name in ACTED_FOR:
        op.drop_column(table, name)
    for name in ("required_strata", "required_course_ids"):
        op.drop_column("choice_offering", name)
    for table in ("self_study", "course_run", "resource", "resource_version", "choice_offering"):
        audited(table)
