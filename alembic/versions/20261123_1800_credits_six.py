"""Credit, the sixth part: where schools lay over time; standings that could not be counted anew; what-ifs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import application_role, audited, grant

revision = "20261123_1800"
down_revision = "20261122_1790"
branch_labels = None
depends_on = None

CODE_FITS_CLASS = (
    "location_code IS NULL OR (CASE WHEN location_code LIKE '11_' THEN location = 'urban'"
    " WHEN location_code LIKE '12_' THEN location = 'town' ELSE location = 'rural' END)"
    " IS TRUE"
)
LOCATED = """
INSERT INTO unit_located (id, unit_id, location, location_code, valid_from, recorded_at)
SELECT gen_random_uuid(), unit.id, unit.location, unit.location_code,
    COALESCE(min(named.valid_from), CURRENT_DATE), COALESCE(min(named.recorded_at), now())
FROM unit LEFT JOIN unit_named named ON named.unit_id = unit.id
WHERE unit.location IS NOT NULL GROUP BY unit.id
"""
"""What is known of a school's place was known since the school is: no day of a change was kept."""
# What a cap sums is summed otherwise from now on: whoever has a standing is counted again.
STALE = "UPDATE standing SET facts_version = -1"


def upgrade() -> None:
    make_unit_located()
    make_recount_failure()
    op.execute(STALE)
    # An answer is forgotten some thousand teachers at a time, and its question after them.
    grant("DELETE", "what_if_person")


def make_unit_located() -> None:
    op.create_table(
        "unit_located",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "location",
            sa.Enum(
                "urban", "town", "rural", name="location_class", native_enum=False,
                create_constraint=True, length=32,
            ),
            nullable=False,
        ),
        sa.Column("location_code", sa.String(length=3), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("unit_id"), "="), (sa.text("daterange(valid_from, valid_to)"), "&&"),
            where=sa.text("superseded_at IS NULL"), using="gist",
            name="ex_unit_located_holds_once",
        ),
        sa.CheckConstraint(CODE_FITS_CLASS, name=op.f("ck_unit_located_location_code")),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_unit_located_ends_after_it_begins")
        ),
        # A school that an import made by a slip goes with what was said of it.
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_located_unit_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_located")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_unit_located_unit_id_valid_from"), "unit_located", ["unit_id", "valid_from"]
    )
    op.execute(LOCATED)
    grant("SELECT, INSERT, UPDATE (superseded_at)", "unit_located")
    audited("unit_located")


def make_recount_failure() -> None:
    op.create_table(
        "recount_failure",
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("problem", sa.String(length=100), nullable=False),
        sa.CheckConstraint("tries > 0", name=op.f("ck_recount_failure_tries")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_recount_failure_teacher_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("teacher_id", name=op.f("pk_recount_failure")),
    )  # fmt: skip
    op.create_index(op.f("ix_recount_failure_due_at"), "recount_failure", ["due_at"])
    grant("SELECT, INSERT, UPDATE, DELETE", "recount_failure")


def downgrade() -> None:
    op.execute(f"REVOKE DELETE ON what_if_person FROM {application_role()}")
    op.drop_table("recount_failure")
    op.drop_table("unit_located")
