"""Conditions and statements: teacher certificates and periodic registrations, whose validity is asked."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1680"
down_revision = "20261122_1670"
branch_labels = None
depends_on = None


def text_enum(name: str, column: str, *values: str) -> sa.Column:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def words(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def fact_table(name: str, *columns: sa.Column, slot: tuple[str, ...] = ()) -> None:
    """A table of facts about teachers; dated facts are superseded, never changed otherwise."""
    op.create_table(
        name,
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("superseded_because", sa.String(length=200), nullable=True),
        *columns,
        sa.CheckConstraint("valid_to > valid_from", name=op.f(f"ck_{name}_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name=f"fk_{name}_teacher_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_teacher_id_valid_from", name, ["teacher_id", "valid_from"])
    once = ", ".join(f"{column} WITH =" for column in ("teacher_id", *slot))
    op.execute(
        f"ALTER TABLE {name} ADD CONSTRAINT ex_{name}_holds_once EXCLUDE USING gist"
        f" ({once}, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL)"
    )
    grant("SELECT, INSERT, UPDATE (superseded_at, superseded_because)", name)
    audited(name)


def upgrade() -> None:
    fact_table(
        "teacher_qualification",
        text_enum(
            "qualification_kind", "qualification",
            "kindergarten", "primary", "junior_middle", "senior_middle", "secondary_vocational",
            "vocational_instructor", "higher",
        ),
        words("subject", 40),
        words("issuer", 100),
        slot=("qualification", "subject"),
    )  # fmt: skip
    fact_table(
        "teacher_registration",
        text_enum("registration_conclusion", "conclusion", "qualified", "deferred", "unqualified"),
        words("issuer", 100),
    )


def downgrade() -> None:
    op.drop_table("teacher_registration")
    op.drop_table("teacher_qualification")
