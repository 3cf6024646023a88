"""What is long of a submission to the province is gathered in the background."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261124_2250"
down_revision = "20261124_2241"
branch_labels = None
depends_on = None

TABLE = "province_submission"
STATES = ("waiting", "delivered", "settled")
CLOSED = """
CREATE FUNCTION closed_submission_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a submission holds is fixed once it is gathered'
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""
STAYS = """
CREATE TRIGGER closed_submission_stays BEFORE UPDATE ON province_submission
    FOR EACH ROW WHEN (
        OLD.state <> 'gathering' AND (
            NEW.state = 'gathering' OR OLD.records <> NEW.records OR OLD.digest <> NEW.digest
        )
    )
    EXECUTE FUNCTION closed_submission_stays()
"""


def check(name: str, condition: str | None) -> None:
    """Let this hold, or nothing of that name."""
    full = f"ck_{TABLE}_{name}"
    op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {full}")
    if condition is not None:
        op.create_check_constraint(op.f(full), TABLE, condition)


def allow(*states: str) -> None:
    """Let a submission be in one of these states."""
    check("submission_state", f"state IN ({', '.join(map(repr, states))})")


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("expected", sa.Integer(), nullable=True))
    op.add_column(
        TABLE,
        sa.Column("gaps", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    allow("gathering", *STATES)
    check("taken_up_until_settled", "(state IN ('gathering', 'settled')) = (next_at IS NULL)")
    check("expects_more", "(state = 'gathering') = (expected IS NOT NULL)")
    op.create_index(
        "uq_province_submission_gathering", TABLE, ["city_id", "kind"], unique=True,
        postgresql_where=sa.text("state = 'gathering'"),
    )  # fmt: skip
    op.execute(CLOSED)
    op.execute(STAYS)
    grant("UPDATE (records, digest, expected, gaps)", TABLE)


def downgrade() -> None:
    op.execute("DROP TRIGGER closed_submission_stays ON province_submission")
    op.execute("DROP FUNCTION closed_submission_stays()")
    op.drop_index("uq_province_submission_gathering", TABLE)
    check("expects_more", None)
    check("taken_up_until_settled", "(state = 'settled') = (next_at IS NULL)")
    allow(*STATES)
    op.drop_column(TABLE, "gaps")
    op.drop_column(TABLE, "expected")
