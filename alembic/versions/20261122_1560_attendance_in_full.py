"""Attendance in full: leaving, offline codes, leave, changes with their reasons, doubts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1560"
down_revision = "20261122_1550"
branch_labels = None
depends_on = None

STATUSES = ("present", "late", "absent", "excused")
METHODS = ("code", "organiser", "import")
STATUSES_NOW = (*STATUSES[:2], "left_early", *STATUSES[2:])
METHODS_NOW = ("code", "offline", *METHODS[1:], "leave")
ROLES = ("participant", "speaker", "demonstrator", "person_in_charge", "organiser")
NEW_COLUMNS = ("checked_out_at", "minutes", "device_hash", "origin_hash", "left_device_hash")


def upgrade() -> None:
    extend_attendance()
    make_rules()
    make_changes()
    make_leaves()
    make_doubts()
    grant("SELECT, INSERT, UPDATE (late_after, records_leaving, least_share)", "attendance_rule")
    grant("SELECT, INSERT", "attendance_change")
    decided = "state, decided_at, decided_by, opinion"
    grant(f"SELECT, INSERT, UPDATE ({decided})", "leave")
    grant(f"SELECT, INSERT, UPDATE ({decided}, people, figures)", "attendance_doubt")
    audited("attendance", insertions=False)
    audited("attendance_rule")
    # What a change was is in the row itself, with who made it; of leave likewise.
    audited("attendance_change", insertions=False)
    audited("leave", insertions=False)
    audited("attendance_doubt", insertions=False)


def extend_attendance() -> None:
    allow("attendance_status", "status", STATUSES_NOW)
    allow("attendance_method", "method", METHODS_NOW)
    op.add_column("attendance", sa.Column("checked_out_at", sa.DateTime(timezone=True)))
    op.add_column("attendance", sa.Column("minutes", sa.Integer()))
    for name in ("device_hash", "origin_hash", "left_device_hash"):
        op.add_column("attendance", sa.Column(name, sa.LargeBinary()))
    op.create_check_constraint(
        op.f("ck_attendance_leaves_after_it_begins"),
        "attendance",
        "checked_out_at >= checked_in_at",
    )
    op.create_check_constraint(op.f("ck_attendance_minutes"), "attendance", "minutes >= 0")
    op.create_index(
        "ix_attendance_recorded_at", "attendance", ["recorded_at"], postgresql_using="brin"
    )


def allow(name: str, column: str, values: Sequence[str]) -> None:
    """Let a column of attendance have these values and no others."""
    op.drop_constraint(op.f(f"ck_attendance_{name}"), "attendance")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(
        op.f(f"ck_attendance_{name}"), "attendance", f"{column} IN ({listed})"
    )


def enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def make_rules() -> None:
    op.create_table(
        "attendance_rule",
        sa.Column("late_after", sa.Integer(), nullable=True),
        sa.Column("records_leaving", sa.Boolean(), nullable=False),
        sa.Column("least_share", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "late_after BETWEEN 0 AND 240", name=op.f("ck_attendance_rule_late_after")
        ),
        sa.CheckConstraint(
            "least_share BETWEEN 1 AND 100", name=op.f("ck_attendance_rule_least_share")
        ),
        sa.CheckConstraint(
            "records_leaving OR least_share IS NULL",
            name=op.f("ck_attendance_rule_share_of_what_is_known"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_attendance_rule_activity_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_attendance_rule")),
    )


def place(*, school: bool) -> list[sa.Column[object]]:
    return [
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=not school),
    ]


def follows_teacher(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["teacher_id", "school_id", "county_id", "city_id"],
        ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
        name=op.f(f"fk_{table}_teacher_id_school_id_county_id_city_id"),
        onupdate="CASCADE",
    )


def make_changes() -> None:
    op.create_table(
        "attendance_change",
        *place(school=True),
        sa.Column("status_before", enum("attendance_status_before", *STATUSES_NOW), nullable=False),
        sa.Column("status_after", enum("attendance_status_after", *STATUSES_NOW), nullable=False),
        sa.Column("role_before", enum("attendance_role_before", *ROLES), nullable=False),
        sa.Column("role_after", enum("attendance_role_after", *ROLES), nullable=False),
        sa.Column("method", enum("attendance_method", *METHODS_NOW), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("after_closing", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        follows_teacher("attendance_change"),
        sa.ForeignKeyConstraint(
            ["attendance_id"], ["attendance.id"], name=op.f("fk_attendance_change_attendance_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_attendance_change_changed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_change")),
    )
    for owner in ("activity_id", "teacher_id"):
        op.create_index(
            op.f(f"ix_attendance_change_{owner}_id"), "attendance_change", [owner, "id"]
        )


def make_leaves() -> None:
    op.create_table(
        "leave",
        *place(school=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state", enum("leave_state", "asked", "approved", "declined", "withdrawn"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_leave_decided_once")
        ),
        follows_teacher("leave"),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_leave_session_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_leave_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )  # fmt: skip
    for owner in ("activity_id", "teacher_id"):
        op.create_index(op.f(f"ix_leave_{owner}_id"), "leave", [owner, "id"])
    op.create_index(
        "ix_leave_waiting", "leave", ["activity_id", "due_on"],
        postgresql_where=sa.text("state = 'asked'"),
    )  # fmt: skip
    op.create_index(
        "uq_leave_standing", "leave", ["session_id", "teacher_id"], unique=True,
        postgresql_where=sa.text("state IN ('asked', 'approved')"),
    )  # fmt: skip


def make_doubts() -> None:
    kinds = (
        "overlap", "back_filled", "shared_device", "two_devices", "offline_batch", "no_check_out",
    )  # fmt: skip
    op.create_table(
        "attendance_doubt",
        *place(school=False),
        sa.Column("kind", enum("doubt_kind", *kinds), nullable=False),
        sa.Column("people", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("state", enum("doubt_state", "open", "dismissed", "confirmed"), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_attendance_doubt_decided_once")
        ),
        sa.CheckConstraint(
            "cardinality(people) > 0", name=op.f("ck_attendance_doubt_concerns_somebody")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_attendance_doubt_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_attendance_doubt_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["activity_session.id"], name=op.f("fk_attendance_doubt_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_attendance_doubt_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_attendance_doubt_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_attendance_doubt_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_doubt")),
        sa.UniqueConstraint(
            "activity_id", "kind", "about", name=op.f("uq_attendance_doubt_activity_id_kind_about")
        ),
    )
    for level in ("school", "county", "city"):
        op.create_index(
            f"ix_attendance_doubt_open_{level}", "attendance_doubt", [f"{level}_id", "id"],
            postgresql_where=sa.text("state = 'open'"),
        )  # fmt: skip


def downgrade() -> None:
    for table in ("attendance_doubt", "leave", "attendance_change", "attendance_rule"):
        op.drop_table(table)
    op.drop_index("ix_attendance_recorded_at", table_name="attendance")
    # What the older revision has no word for becomes the nearest that it has.
    op.execute("UPDATE attendance SET status = 'present' WHERE status = 'left_early'")
    op.execute("UPDATE attendance SET method = 'code' WHERE method = 'offline'")
    op.execute("UPDATE attendance SET method = 'organiser' WHERE method = 'leave'")
    for name in NEW_COLUMNS:
        op.drop_column("attendance", name)
    allow("attendance_status", "status", STATUSES)
    allow("attendance_method", "method", METHODS)
    audited("attendance", insertions=False)
