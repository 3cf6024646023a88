"""Forms of activities, and what an activity says of itself: its form, joint owners, steps, delivery."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from app.database.migrations import audited, grant

revision = "20261122_1530"
down_revision = "20261122_1520"
branch_labels = None
depends_on = None

KINDS = (
    "lecture", "lesson_observation", "collective_planning", "seminar", "forum", "salon",
    "remote_study", "visit", "outreach", "competition", "action_research", "mentoring", "meeting",
    "online_course", "reading", "workshop",
)  # fmt: skip


def _words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


ROLES_BEFORE = ("participant", "speaker", "organiser")
ROLES = (*ROLES_BEFORE, "demonstrator", "person_in_charge")


def _allow_roles(*roles: str) -> None:
    """Let somebody take part in a session as one of these."""
    name = op.f("ck_attendance_attendance_role")
    op.drop_constraint(name, "attendance")
    named = ", ".join(f"'{role}'" for role in roles)
    op.create_check_constraint(name, "attendance", f"role IN ({named})")


def upgrade() -> None:
    _forms()
    _activities()
    _staff()
    _destinations()
    _contest_results()
    _allow_roles(*ROLES)


def _forms() -> None:
    documents = ("steps", "roles", "evidence", "modes", "channels", "content", "sources")
    op.create_table(
        "activity_form",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("kind", _words("activity_kind", *KINDS), nullable=False),
        *(sa.Column(name, postgresql.JSONB(), nullable=False) for name in documents),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_placed("activity_form"),
        sa.CheckConstraint("version >= 1", name=op.f("ck_activity_form_version_from_one")),
        sa.CheckConstraint(
            "ended_at >= published_at", name=op.f("ck_activity_form_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_activity_form_unit_id")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["account.id"], name=op.f("fk_activity_form_published_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_form")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_activity_form_id_kind")),
        sa.UniqueConstraint(
            "unit_id", "code", "version", name=op.f("uq_activity_form_unit_id_code_version")
        ),
    )
    op.create_index(
        "uq_activity_form_in_force",
        "activity_form",
        ["unit_id", "code"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    grant("SELECT, INSERT, UPDATE (ended_at)", "activity_form")
    audited("activity_form")


def _placed(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.CheckConstraint("school_id <> county_id", name=op.f(f"ck_{table}_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f(f"fk_{table}_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f(f"fk_{table}_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
    )


def _activities() -> None:
    op.add_column("activity", sa.Column("form_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_activity_form_id_kind"),
        "activity",
        "activity_form",
        ["form_id", "kind"],
        ["id", "kind"],
    )
    op.create_index(
        op.f("ix_activity_form_id_starts_on_id"),
        "activity",
        ["form_id", "starts_on", "id"],
        postgresql_where=sa.text("form_id IS NOT NULL"),
    )
    audited("activity")
    op.add_column(
        "activity_session",
        sa.Column(
            "delivery",
            _words("delivery", "in_person", "online", "hybrid"),
            server_default="in_person",
            nullable=False,
        ),
    )
    op.add_column("activity_session", sa.Column("link", sa.String(length=500), nullable=True))
    op.add_column("activity_session", sa.Column("step", sa.String(length=60), nullable=True))
    op.create_check_constraint(
        op.f("ck_activity_session_link"),
        "activity_session",
        "link IS NULL OR delivery <> 'in_person'",
    )
    audited("activity_session")
    op.create_table(
        "activity_department",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_department_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_activity_department_department_id"),
        ),
        sa.PrimaryKeyConstraint(
            "activity_id", "department_id", name=op.f("pk_activity_department")
        ),
    )
    op.create_index(
        op.f("ix_activity_department_department_id_activity_id"),
        "activity_department",
        ["department_id", "activity_id"],
    )
    grant("SELECT, INSERT, DELETE", "activity_department")
    audited("activity_department")


def _staff() -> None:
    op.create_table(
        "activity_staff",
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column(
            "role",
            _words(
                "staff_role", "speaker", "person_in_charge", "demonstrator", "host", "reviewer"
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("outside_name", sa.String(length=60), nullable=True),
        sa.Column("outside_unit", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "(outside_name IS NULL) = (outside_unit IS NULL)",
            name=op.f("ck_activity_staff_outside"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(teacher_id, outside_name) = 1",
            name=op.f("ck_activity_staff_one_person"),
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_staff_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_activity_staff_session_id_activity_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_activity_staff_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_staff")),
        sa.UniqueConstraint(
            "activity_id", "session_id", "role", "teacher_id", "outside_name", "outside_unit",
            name="uq_activity_staff_named_once", postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    for columns, present in ((["teacher_id", "id"], "teacher_id"), (["session_id"], "session_id")):
        op.create_index(
            op.f(f"ix_activity_staff_{'_'.join(columns)}"),
            "activity_staff",
            columns,
            postgresql_where=sa.text(f"{present} IS NOT NULL"),
        )
    grant("SELECT, INSERT, DELETE", "activity_staff")
    audited("activity_staff")


def _destinations() -> None:
    levels = ("school", "county", "city", "province", "national", "overseas")
    op.create_table(
        "activity_destination",
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=True),
        sa.Column("level", _words("host_level", *levels), nullable=True),
        sa.Column("funds", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("funds_line", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("funds >= 0", name=op.f("ck_activity_destination_funds")),
        sa.CheckConstraint(
            "funds IS NULL OR funds_line IS NOT NULL", name=op.f("ck_activity_destination_line")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_destination_activity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_destination")),
    )
    op.create_index(
        op.f("ix_activity_destination_activity_id_id"),
        "activity_destination",
        ["activity_id", "id"],
    )
    grant("SELECT, INSERT, DELETE", "activity_destination")
    audited("activity_destination")


def _contest_results() -> None:
    awards = ("special", "first", "second", "third", "excellent", "none")
    table = "contest_result"
    op.create_table(
        table,
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("work_title", sa.String(length=200), nullable=False),
        sa.Column("award", _words("award", *awards), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("points", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint("points >= 0", name=op.f("ck_contest_result_points")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_contest_result_rank")),
        sa.CheckConstraint(
            "num_nonnulls(superseded_at, superseded_by, reason) IN (0, 3)",
            name=op.f("ck_contest_result_superseded"),
        ),
        *(
            sa.ForeignKeyConstraint([own], [theirs], name=op.f(f"fk_contest_result_{own}"))
            for own, theirs in (
                ("activity_id", "activity.id"), ("corrects_id", "contest_result.id"),
                ("recorded_by", "account.id"), ("superseded_by", "account.id"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_contest_result_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_result")),
    )  # fmt: skip
    op.create_index(
        "uq_contest_result_standing",
        table,
        ["activity_id", "teacher_id", "work_title"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    for owner in ("activity_id", "teacher_id"):
        op.create_index(op.f(f"ix_contest_result_{owner}_id"), table, [owner, "id"])
    grant("SELECT, INSERT, UPDATE (superseded_at, superseded_by, reason)", table)
    audited(table)


def downgrade() -> None:
    _allow_roles(*ROLES_BEFORE)
    for table in ("contest_result", "activity_destination", "activity_staff"):
        op.drop_table(table)
    op.drop_table("activity_department")
    op.drop_constraint(op.f("ck_activity_session_link"), "activity_session")
    for column in ("step", "link", "delivery"):
        op.drop_column("activity_session", column)
    op.drop_index(op.f("ix_activity_form_id_starts_on_id"), "activity")
    op.drop_constraint(op.f("fk_activity_form_id_kind"), "activity")
    op.drop_column("activity", "form_id")
    op.drop_table("activity_form")
