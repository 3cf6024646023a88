"""A page of the catalogue is read in the order of an index, whoever asks."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_2200"
down_revision = "20261124_2190"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f("ix_course_title_id"),
        "course",
        ["title", "id"],
        postgresql_where=sa.text("state = 'published'"),
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_course_title_id"), table_name="course")
