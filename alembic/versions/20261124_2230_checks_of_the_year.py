"""Duties of articles are shown by what came of the bureau's own year as well."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_2230"
down_revision = "20261124_2221"
branch_labels = None
depends_on = None

BEFORE = (
    "plan_in_force", "plan_summarised", "responsible_named", "activities_held",
    "joint_activities_held", "groups_at_work", "networks_at_work", "committees_at_work",
    "regulations_complete", "teachers_credited", "mentorships_agreed", "topics_at_work",
    "courses_published", "visits_made", "evaluations_made", "schools_designated",
    "programmes_at_work",
)  # fmt: skip
ADDED = (
    "self_inspected", "schools_evaluated", "schools_funded", "models_published", "requirements_set",
    "growth_files_sealed", "archives_sealed",
)  # fmt: skip


def show_by(*checks: str) -> None:
    """Let duties be shown by these checks."""
    name = op.f("ck_article_duty_duty_check")
    op.drop_constraint(name, "article_duty", type_="check")
    listed = ", ".join(f"'{check}'" for check in checks)
    op.create_check_constraint(name, "article_duty", f"shown_by IN ({listed})")


def upgrade() -> None:
    show_by(*BEFORE, *ADDED)


def downgrade() -> None:
    # A duty that the older family does not show is one of which no data tells.
    duty = sa.table("article_duty", sa.column("shown_by"))
    op.execute(duty.update().where(duty.c.shown_by.in_(ADDED)).values(shown_by=None))
    show_by(*BEFORE)
