"""Series, occurrences, strata as audience; training attended elsewhere; trainees; joint departments."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant

revision = "20261122_1640"
down_revision = "20261122_1630"
branch_labels = None
depends_on = None

CATEGORIES = ("technical", "management", "support", "student_teacher", "other")
GUESTS = ("probationer", "shadow_principal", "visiting_teacher")
MOVED = "'activity_candidate.teacher_id', 'outside_training.teacher_id', "
PLACED = "county_id, school_id, organiser_network_id, organiser_department_id"
"""What changes where a school is merged into another."""
MOVING = "move_to_survivor(text[], uuid, uuid)"


def upgrade() -> None:
    make_series()
    grant(f"SELECT, INSERT, UPDATE (title, goal, {PLACED})", "activity_series")
    audited("activity_series")
    make_occurrences()
    grant("SELECT, INSERT, UPDATE (session_id, chosen_at)", "session_choice")
    make_candidates()
    grant("SELECT, INSERT", "activity_candidate")
    make_outside_training()
    grant(
        "SELECT, INSERT, UPDATE (state, decided_at, decided_by, opinion)",
        "outside_training",
    )
    audited("outside_training")
    make_trainees()
    grant("SELECT, INSERT, DELETE", "activity_trainee")
    grant("SELECT, INSERT, UPDATE (status, recorded_at, recorded_by)", "trainee_attendance")
    audited("activity_trainee")
    audited("trainee_attendance", insertions=False)
    invite_departments()
    # The columns that the trail keeps to are those that there are.
    for table in ("activity", "activity_session", "partnership"):
        audited(table)
    allow_categories(*CATEGORIES, *GUESTS)
    move("ARRAY[", f"ARRAY[{MOVED}")


def allow_categories(*categories: str) -> None:
    """Let trainees be of these categories."""
    op.drop_constraint("trainee_category", "trainee", type_="check")
    allowed = ", ".join(f"'{each}'" for each in categories)
    op.create_check_constraint("trainee_category", "trainee", f"category IN ({allowed})")


def move(before: str, after: str) -> None:
    """Let rows of other columns go along with a merged record: those of the list as it then is."""
    op.execute(
        f"""DO $$ BEGIN
        EXECUTE replace(
            pg_get_functiondef('{MOVING}'::regprocedure), $a${before}$a$, $b${after}$b$
        );
        END $$"""
    )


def make_series() -> None:
    op.create_table(
        "activity_series",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "organiser_unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("organiser_group_id", sa.Uuid(), nullable=True),
        sa.Column("organiser_network_id", sa.Uuid(), nullable=True),
        sa.Column("organiser_department_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_activity_series_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_activity_series_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_activity_series_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_department_id"],
            ["department.id"],
            name=op.f("fk_activity_series_organiser_department_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_group_id"],
            ["research_group.id"],
            name=op.f("fk_activity_series_organiser_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organiser_network_id"],
            ["network.id"],
            name=op.f("fk_activity_series_organiser_network_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_activity_series_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_series")),
    )
    op.create_index(
        op.f("ix_activity_series_city_id_id"), "activity_series", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_activity_series_county_id_id"),
        "activity_series",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_series_organiser_department_id_id"),
        "activity_series",
        ["organiser_department_id", "id"],
        unique=False,
        postgresql_where=sa.text("organiser_department_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_activity_series_organiser_group_id_id"),
        "activity_series",
        ["organiser_group_id", "id"],
        unique=False,
        postgresql_where=sa.text("organiser_group_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_activity_series_organiser_network_id_id"),
        "activity_series",
        ["organiser_network_id", "id"],
        unique=False,
        postgresql_where=sa.text("organiser_network_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_activity_series_school_id_id"),
        "activity_series",
        ["school_id", "id"],
        unique=False,
    )
    op.add_column("activity", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f("ix_activity_series_id_starts_on_id"),
        "activity",
        ["series_id", "starts_on", "id"],
        unique=False,
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )
    op.create_foreign_key(
        op.f("fk_activity_series_id"), "activity", "activity_series", ["series_id"], ["id"]
    )


def make_occurrences() -> None:
    op.add_column("activity_session", sa.Column("occurrence_of", sa.Uuid(), nullable=True))
    op.add_column("activity_session", sa.Column("places", sa.Integer(), nullable=True))
    op.create_foreign_key(
        op.f("fk_activity_session_occurrence_of_activity_id"),
        "activity_session",
        "activity_session",
        ["occurrence_of", "activity_id"],
        ["id", "activity_id"],
    )
    op.create_check_constraint(
        op.f("ck_activity_session_occurrence_of_another"), "activity_session", "occurrence_of <> id"
    )
    op.create_check_constraint(op.f("ck_activity_session_places"), "activity_session", "places > 0")
    op.create_table(
        "session_choice",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_of", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_session_choice_enrolment_id")
        ),
        sa.ForeignKeyConstraint(
            ["occurrence_of"], ["activity_session.id"], name=op.f("fk_session_choice_occurrence_of")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["activity_session.id"], name=op.f("fk_session_choice_session_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "occurrence_of", name=op.f("pk_session_choice")),
    )
    op.create_index(
        op.f("ix_session_choice_session_id"), "session_choice", ["session_id"], unique=False
    )


def make_candidates() -> None:
    op.add_column(
        "activity",
        sa.Column("strata", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_table(
        "activity_candidate",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_candidate_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_activity_candidate_teacher_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", "teacher_id", name=op.f("pk_activity_candidate")),
    )
    op.create_index(
        op.f("ix_activity_candidate_teacher_id_activity_id"),
        "activity_candidate",
        ["teacher_id", "activity_id"],
    )


def make_outside_training() -> None:
    op.create_table(
        "outside_training",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organiser", sa.String(length=100), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "school",
                "county",
                "city",
                "province",
                "national",
                "overseas",
                name="host_level_of_training",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "lecture",
                "lesson_observation",
                "collective_planning",
                "seminar",
                "forum",
                "salon",
                "remote_study",
                "visit",
                "outreach",
                "competition",
                "action_research",
                "mentoring",
                "meeting",
                "online_course",
                "reading",
                "workshop",
                name="activity_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "concentrated",
                "self_directed",
                "off_job",
                name="activity_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "school_based",
                "online",
                "off_job",
                "summer_intensive",
                "post_practice",
                "mentor",
                "forum",
                "overseas",
                name="activity_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("certificate_number", sa.String(length=100), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "stated",
                "confirmed",
                "returned",
                "withdrawn",
                name="outside_training_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'stated') = (decided_at IS NULL)",
            name=op.f("ck_outside_training_decided_once"),
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR opinion IS NOT NULL",
            name=op.f("ck_outside_training_returned_with_reason"),
        ),
        sa.CheckConstraint(
            "ends_on >= starts_on", name=op.f("ck_outside_training_ends_after_it_begins")
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_outside_training_hours")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_outside_training_decided_by")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_outside_training_file_id")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_outside_training_provider_id")
        ),
        sa.ForeignKeyConstraint(
            ["stated_by"], ["account.id"], name=op.f("fk_outside_training_stated_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_outside_training_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_training")),
    )
    op.create_index(
        op.f("ix_outside_training_city_id_id"), "outside_training", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_outside_training_county_id_id"),
        "outside_training",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outside_training_file_id"),
        "outside_training",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_outside_training_school_id_id"),
        "outside_training",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_outside_training_teacher_id_id"),
        "outside_training",
        ["teacher_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_outside_training_waiting",
        "outside_training",
        ["school_id", "stated_at"],
        unique=False,
        postgresql_where=sa.text("state = 'stated'"),
    )
    op.create_index(
        "uq_outside_training_standing",
        "outside_training",
        ["teacher_id", "title", "starts_on", "ends_on"],
        unique=True,
        postgresql_where=sa.text("state IN ('stated', 'confirmed')"),
    )


def make_trainees() -> None:
    op.create_table(
        "activity_trainee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_trainee_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_activity_trainee_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_activity_trainee_trainee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_trainee")),
        sa.UniqueConstraint(
            "activity_id", "trainee_id", name=op.f("uq_activity_trainee_activity_id_trainee_id")
        ),
    )
    op.create_index(
        op.f("ix_activity_trainee_trainee_id"), "activity_trainee", ["trainee_id"], unique=False
    )
    op.create_table(
        "trainee_attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "present",
                "late",
                "left_early",
                "absent",
                "excused",
                name="attendance_status_of_trainee",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id", "trainee_id"],
            ["activity_trainee.activity_id", "activity_trainee.trainee_id"],
            name=op.f("fk_trainee_attendance_activity_id_trainee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_trainee_attendance_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_trainee_attendance_session_id_activity_id"),
        ),
        sa.PrimaryKeyConstraint("session_id", "trainee_id", name=op.f("pk_trainee_attendance")),
    )
    op.create_index(
        op.f("ix_trainee_attendance_activity_id_trainee_id"),
        "trainee_attendance",
        ["activity_id", "trainee_id"],
        unique=False,
    )


def invite_departments() -> None:
    op.add_column("partnership", sa.Column("department_id", sa.Uuid(), nullable=True))
    op.drop_constraint(op.f("uq_partnership_activity_id_unit_id"), "partnership", type_="unique")
    op.create_index(
        op.f("ix_partnership_department_id_id"),
        "partnership",
        ["department_id", "id"],
        unique=False,
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_unique_constraint(
        "uq_partnership_invited_once",
        "partnership",
        ["activity_id", "unit_id", "department_id"],
        postgresql_nulls_not_distinct=True,
    )
    op.create_foreign_key(
        op.f("fk_partnership_department_id_unit_id"),
        "partnership",
        "department",
        ["department_id", "unit_id"],
        ["id", "unit_id"],
    )


def downgrade() -> None:
    move(f"ARRAY[{MOVED}", "ARRAY[")
    for guest in GUESTS:
        op.execute(f"UPDATE trainee SET category = 'other' WHERE category = '{guest}'")  # noqa: S608
    allow_categories(*CATEGORIES)
    op.execute("DELETE FROM partnership WHERE department_id IS NOT NULL")
    op.drop_table("activity_candidate")
    op.drop_column("activity", "strata")
    op.drop_constraint(
        op.f("fk_partnership_department_id_unit_id"), "partnership", type_="foreignkey"
    )
    op.drop_constraint("uq_partnership_invited_once", "partnership", type_="unique")
    op.drop_index(
        op.f("ix_partnership_department_id_id"),
        table_name="partnership",
        postgresql_where=sa.text("department_id IS NOT NULL"),
    )
    op.create_unique_constraint(
        op.f("uq_partnership_activity_id_unit_id"),
        "partnership",
        ["activity_id", "unit_id"],
        postgresql_nulls_not_distinct=False,
    )
    op.drop_column("partnership", "department_id")
    op.drop_constraint(
        op.f("fk_activity_session_occurrence_of_activity_id"),
        "activity_session",
        type_="foreignkey",
    )
    op.drop_column("activity_session", "places")
    op.drop_column("activity_session", "occurrence_of")
    op.drop_constraint(op.f("fk_activity_series_id"), "activity", type_="foreignkey")
    op.drop_index(
        op.f("ix_activity_series_id_starts_on_id"),
        table_name="activity",
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )
    op.drop_column("activity", "series_id")
    op.drop_table("trainee_attendance")
    op.drop_table("session_choice")
    op.drop_table("activity_trainee")
    op.drop_table("outside_training")
    op.drop_table("activity_series")
    for table in ("activity", "activity_session", "partnership"):
        audited(table)
