"""Places in activities: waiting lists, quotas of schools, what others ask for, joint organisers."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1580"
down_revision = "20261122_1570"
branch_labels = None
depends_on = None

WAYS = ("own", "nominated", "organiser")
ENROLMENT_COLUMNS = (
    "waiting_turn", "way", "reason", "entered_by", "withdrawal_reason", "withdrawn_by",
)  # fmt: skip


def upgrade() -> None:
    extend_enrolments()
    make_places()
    grant("SELECT, INSERT, UPDATE (waiting_list, by_nomination, released_on)", "place_rule")
    grant("SELECT, INSERT, DELETE", "place_quota")
    audited("enrolment", insertions=False)
    audited("place_rule")
    audited("place_quota")
    make_partnerships()
    answered = "state, invited_at, invited_by, answered_at, answered_by, opinion"
    grant(f"SELECT, INSERT, UPDATE ({answered})", "partnership")
    audited("partnership")


def enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def extend_enrolments() -> None:
    op.add_column("enrolment", sa.Column("waiting_turn", sa.Integer()))
    op.add_column(
        "enrolment",
        sa.Column("way", enum("enrolment_way", *WAYS), server_default="own", nullable=False),
    )
    op.add_column("enrolment", sa.Column("reason", sa.String(length=500)))
    op.add_column("enrolment", sa.Column("entered_by", sa.Uuid()))
    op.add_column("enrolment", sa.Column("withdrawal_reason", sa.String(length=500)))
    op.add_column("enrolment", sa.Column("withdrawn_by", sa.Uuid()))
    for name in ("entered_by", "withdrawn_by"):
        op.create_foreign_key(op.f(f"fk_enrolment_{name}"), "enrolment", "account", [name], ["id"])
    op.create_check_constraint(op.f("ck_enrolment_waiting_turn"), "enrolment", "waiting_turn > 0")
    op.create_index(
        op.f("ix_enrolment_activity_id_waiting_turn"),
        "enrolment",
        ["activity_id", "waiting_turn"],
        postgresql_where=sa.text("waiting_turn IS NOT NULL AND withdrawn_at IS NULL"),
    )


def make_places() -> None:
    op.create_table(
        "place_rule",
        sa.Column("waiting_list", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("by_nomination", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_place_rule_activity_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_place_rule")),
    )
    op.create_table(
        "place_quota",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 0", name=op.f("ck_place_quota_places")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_place_quota_activity_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_place_quota_school_id")),
        sa.PrimaryKeyConstraint("activity_id", "school_id", name=op.f("pk_place_quota")),
    )


def make_partnerships() -> None:
    op.create_table(
        "partnership",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "state",
            enum("partnership_state", "invited", "accepted", "declined", "ended"),
            nullable=False,
        ),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by", sa.Uuid(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_partnership_school_is_no_bureau")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("ck_partnership_answered")
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR answered_at IS NOT NULL", name=op.f("ck_partnership_accepted")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_partnership_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_partnership_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_partnership_activity_id")
        ),
        *(
            sa.ForeignKeyConstraint([by], ["account.id"], name=op.f(f"fk_partnership_{by}"))
            for by in ("invited_by", "answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnership")),
        sa.UniqueConstraint(
            "activity_id", "unit_id", name=op.f("uq_partnership_activity_id_unit_id")
        ),
    )
    for name in ("city_id", "county_id", "school_id"):
        op.create_index(op.f(f"ix_partnership_{name}_id"), "partnership", [name, "id"])


def downgrade() -> None:
    op.drop_table("partnership")
    op.drop_table("place_quota")
    op.drop_table("place_rule")
    op.drop_index(op.f("ix_enrolment_activity_id_waiting_turn"), table_name="enrolment")
    for name in ENROLMENT_COLUMNS:
        op.drop_column("enrolment", name)
    # The columns that the trail keeps to are those that there are.
    audited("enrolment", insertions=False)
