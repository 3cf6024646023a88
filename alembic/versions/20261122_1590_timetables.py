"""Terms, holidays, half-days for teaching research; timetables with lessons and their changes."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1590"
down_revision = "20261122_1580"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taught_as", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_calendar_day_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_calendar_day_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_calendar_day_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("unit_id", "day", name=op.f("uq_calendar_day_unit_id_day")),
    )
    op.create_index(
        op.f("ix_calendar_day_city_id_day_id"),
        "calendar_day",
        ["city_id", "day", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_calendar_day_county_id_day_id"),
        "calendar_day",
        ["county_id", "day", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_calendar_day_school_id_day_id"),
        "calendar_day",
        ["school_id", "day", "id"],
        unique=False,
    )
    op.create_table(
        "research_half_day",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column(
            "semester",
            sa.Enum(
                "first",
                "second",
                name="semester",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "subject",
            sa.Enum(
                "chinese",
                "mathematics",
                "english",
                "morality_and_law",
                "history",
                "geography",
                "physics",
                "chemistry",
                "biology",
                "science",
                "information_technology",
                "music",
                "fine_arts",
                "physical_education",
                "counselling",
                "special_education",
                "health_care",
                "preschool",
                "other",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "kindergarten",
                "primary",
                "junior_secondary",
                "senior_secondary",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column(
            "half",
            sa.Enum(
                "morning",
                "afternoon",
                name="day_half",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_research_half_day_school_is_no_bureau")
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_research_half_day_weekday")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_research_half_day_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_research_half_day_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_half_day")),
        sa.UniqueConstraint(
            "unit_id",
            "school_year",
            "semester",
            "subject",
            "stage",
            "weekday",
            "half",
            name="uq_research_half_day",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        op.f("ix_research_half_day_city_id_school_year_id"),
        "research_half_day",
        ["city_id", "school_year", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_half_day_county_id_school_year_id"),
        "research_half_day",
        ["county_id", "school_year", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_half_day_school_id_school_year_id"),
        "research_half_day",
        ["school_id", "school_year", "id"],
        unique=False,
    )
    op.create_table(
        "term",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column(
            "semester",
            sa.Enum(
                "first",
                "second",
                name="semester",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("weeks_from", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_term_ends_after_it_begins")),
        sa.CheckConstraint(
            "extract(isodow FROM weeks_from) = 1", name=op.f("ck_term_weeks_begin_on_monday")
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_term_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_term_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_term_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint(
            "unit_id", "school_year", "semester", name=op.f("uq_term_unit_id_school_year_semester")
        ),
    )
    op.create_index(
        op.f("ix_term_city_id_starts_on_id"), "term", ["city_id", "starts_on", "id"], unique=False
    )
    op.create_index(
        op.f("ix_term_county_id_starts_on_id"),
        "term",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_term_school_id_starts_on_id"),
        "term",
        ["school_id", "starts_on", "id"],
        unique=False,
    )
    op.create_table(
        "timetable",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column(
            "semester",
            sa.Enum(
                "first",
                "second",
                name="semester",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_timetable_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_timetable_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["account.id"], name=op.f("fk_timetable_imported_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_timetable_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable")),
        sa.UniqueConstraint(
            "school_id",
            "school_year",
            "semester",
            name=op.f("uq_timetable_school_id_school_year_semester"),
        ),
    )
    op.create_index(
        op.f("ix_timetable_city_id_school_year_id"),
        "timetable",
        ["city_id", "school_year", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_timetable_county_id_school_year_id"),
        "timetable",
        ["county_id", "school_year", "id"],
        unique=False,
    )
    op.create_table(
        "timetable_period",
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_timetable_period_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["timetable_id"], ["timetable.id"], name=op.f("fk_timetable_period_timetable_id")
        ),
        sa.PrimaryKeyConstraint("timetable_id", "number", name=op.f("pk_timetable_period")),
    )
    op.create_table(
        "lesson",
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("period", sa.SmallInteger(), nullable=False),
        sa.Column(
            "weeks",
            sa.Enum(
                "every",
                "odd",
                "even",
                name="lesson_weeks",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("first_week", sa.SmallInteger(), nullable=False),
        sa.Column("last_week", sa.SmallInteger(), nullable=False),
        sa.Column("class_name", sa.String(length=60), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "chinese",
                "mathematics",
                "english",
                "morality_and_law",
                "history",
                "geography",
                "physics",
                "chemistry",
                "biology",
                "science",
                "information_technology",
                "music",
                "fine_arts",
                "physical_education",
                "counselling",
                "special_education",
                "health_care",
                "preschool",
                "other",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("room", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "first_week BETWEEN 1 AND last_week AND last_week <= 30",
            name=op.f("ck_lesson_weeks_in_order"),
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("ck_lesson_weekday")),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name=op.f("fk_lesson_teacher_id")),
        sa.ForeignKeyConstraint(
            ["timetable_id", "period"],
            ["timetable_period.timetable_id", "timetable_period.number"],
            name=op.f("fk_lesson_timetable_id_period"),
        ),
        sa.ForeignKeyConstraint(
            ["timetable_id"], ["timetable.id"], name=op.f("fk_lesson_timetable_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("id", "timetable_id", name=op.f("uq_lesson_id_timetable_id")),
        sa.UniqueConstraint(
            "timetable_id",
            "teacher_id",
            "weekday",
            "period",
            "weeks",
            "first_week",
            "last_week",
            "class_name",
            name="uq_lesson_slot",
        ),
    )
    op.create_index(op.f("ix_lesson_teacher_id"), "lesson", ["teacher_id"], unique=False)
    op.create_index(
        op.f("ix_lesson_timetable_id_weekday"), "lesson", ["timetable_id", "weekday"], unique=False
    )
    op.create_table(
        "lesson_change",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("to_period", sa.SmallInteger(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lesson_id", sa.Uuid(), nullable=False),
        sa.Column("timetable_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id", "timetable_id"],
            ["lesson.id", "lesson.timetable_id"],
            name=op.f("fk_lesson_change_lesson_id_timetable_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_lesson_change_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_lesson_change_teacher_id")
        ),
        sa.ForeignKeyConstraint(
            ["timetable_id", "to_period"],
            ["timetable_period.timetable_id", "timetable_period.number"],
            name=op.f("fk_lesson_change_timetable_id_to_period"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["timetable_id"], ["timetable.id"], name=op.f("fk_lesson_change_timetable_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_change")),
        sa.UniqueConstraint("lesson_id", "day", name=op.f("uq_lesson_change_lesson_id_day")),
    )
    op.create_index(
        op.f("ix_lesson_change_timetable_id_to_day"),
        "lesson_change",
        ["timetable_id", "to_day"],
        unique=False,
    )

    days = "starts_on, ends_on, weeks_from"
    grant(f"SELECT, INSERT, UPDATE ({days})", "term")
    grant("SELECT, INSERT, UPDATE (taught_as, name), DELETE", "calendar_day")
    grant("SELECT, INSERT, DELETE", "research_half_day", "lesson_change")
    grant("SELECT, INSERT, UPDATE (imported_at, imported_by)", "timetable")
    grant("SELECT, INSERT, UPDATE (starts_at, ends_at), DELETE", "timetable_period")
    grant("SELECT, INSERT, UPDATE (subject, room), DELETE", "lesson")
    for table in (
        "term", "calendar_day", "research_half_day", "timetable", "timetable_period",
        "lesson_change",
    ):  # fmt: skip
        audited(table)
    # A timetable says who handed it in, and has thousands of lessons.
    audited("lesson", insertions=False)


def downgrade() -> None:
    op.drop_table("lesson_change")
    op.drop_table("lesson")
    op.drop_table("timetable_period")
    op.drop_table("timetable")
    op.drop_table("term")
    op.drop_table("research_half_day")
    op.drop_table("calendar_day")
