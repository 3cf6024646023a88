"""Policies of mentoring say what a rank is asked of topics and lectures: nothing, before."""

from alembic import op

revision = "20261124_2113"
down_revision = "20261124_2112"
branch_labels = None
depends_on = None

REWRITE = """
UPDATE mentoring_policy SET ranks = (
    SELECT jsonb_agg({each} ORDER BY place)
    FROM jsonb_array_elements(ranks) WITH ORDINALITY AS listed (asked, place)
)
WHERE ranks <> '[]'
"""


def upgrade() -> None:
    op.execute(REWRITE.format(each="""asked || '{"topics": 0, "lectures": 0}'"""))


def downgrade() -> None:
    op.execute(REWRITE.format(each="asked - 'topics' - 'lectures'"))
