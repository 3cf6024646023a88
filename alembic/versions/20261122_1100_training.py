"""Research groups, activities with their sessions, enrolment, attendance, notes."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant, version_changes

revision = "20261122_1100"
down_revision = "20261122_1000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "research_group",
        sa.Column(
            "change_transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column(
            "change_sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('change_sequence')"),
            nullable=False,
        ),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "teaching_research",
                "lesson_planning",
                "grade",
                "theme",
                "project",
                "cross_school",
                name="group_kind",
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
            nullable=True,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_research_group_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_research_group_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_research_group_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_group")),
        sa.UniqueConstraint("id", "unit_id", name=op.f("uq_research_group_id_unit_id")),
    )
    op.create_index(
        op.f("ix_research_group_change_transaction_change_sequence"),
        "research_group",
        ["change_transaction", "change_sequence"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_group_city_id_name_id"),
        "research_group",
        ["city_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_group_county_id_name_id"),
        "research_group",
        ["county_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_group_school_id_name_id"),
        "research_group",
        ["school_id", "name", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_group_unit_id_name_id"),
        "research_group",
        ["unit_id", "name", "id"],
        unique=False,
    )
    op.create_table(
        "group_member",
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
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "head",
                "member",
                name="group_duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_group_member_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["research_group.id"], name=op.f("fk_group_member_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_group_member_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_member")),
    )
    op.create_index(
        op.f("ix_group_member_teacher_id"), "group_member", ["teacher_id"], unique=False
    )
    op.create_index(
        "uq_group_member_open",
        "group_member",
        ["group_id", "teacher_id"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.create_table(
        "activity",
        sa.Column(
            "change_transaction",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text::bigint)"),
            nullable=False,
        ),
        sa.Column(
            "change_sequence",
            sa.BigInteger(),
            server_default=sa.text("nextval('change_sequence')"),
            nullable=False,
        ),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
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
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("requires_note", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "county",
                "school",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            sa.Computed(
                "CASE WHEN school_id IS NOT NULL THEN 'school' WHEN county_id = city_id THEN 'city' ELSE 'county' END",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "organiser_unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("organiser_group_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "held",
                "closed",
                "cancelled",
                name="activity_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state = 'closed')", name=op.f("ck_activity_closed_at")
        ),
        sa.CheckConstraint(
            "(published_at IS NOT NULL) = (state IN ('published', 'held', 'closed')) OR state = 'cancelled'",
            name=op.f("ck_activity_published_at"),
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_activity_capacity")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_activity_ends_after_it_begins")),
        sa.CheckConstraint("hours > 0", name=op.f("ck_activity_hours")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_activity_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_activity_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["account.id"], name=op.f("fk_activity_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["organiser_group_id", "organiser_unit_id"],
            ["research_group.id", "research_group.unit_id"],
            name=op.f("fk_activity_organiser_group_id_organiser_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_activity_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(
        op.f("ix_activity_change_transaction_change_sequence"),
        "activity",
        ["change_transaction", "change_sequence"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_city_id_starts_on_id"),
        "activity",
        ["city_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_county_id_starts_on_id"),
        "activity",
        ["county_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_organiser_group_id_starts_on_id"),
        "activity",
        ["organiser_group_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_organiser_unit_id_starts_on_id"),
        "activity",
        ["organiser_unit_id", "starts_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_activity_school_id_starts_on_id"),
        "activity",
        ["school_id", "starts_on", "id"],
        unique=False,
    )
    op.create_table(
        "activity_audience",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_audience_activity_id")
        ),
        sa.PrimaryKeyConstraint("activity_id", "target_id", name=op.f("pk_activity_audience")),
    )
    op.create_index(
        op.f("ix_activity_audience_target_id_activity_id"),
        "activity_audience",
        ["target_id", "activity_id"],
        unique=False,
    )
    op.create_table(
        "activity_session",
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=True),
        sa.Column("speaker", sa.String(length=60), nullable=True),
        sa.Column("hours", sa.Numeric(precision=8, scale=2), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_activity_session_ends_after_it_begins")
        ),
        sa.CheckConstraint("hours > 0", name=op.f("ck_activity_session_hours")),
        sa.CheckConstraint("octet_length(secret) >= 16", name=op.f("ck_activity_session_secret")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_activity_session_activity_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_session")),
        sa.UniqueConstraint(
            "activity_id", "ordinal", name=op.f("uq_activity_session_activity_id_ordinal")
        ),
        sa.UniqueConstraint("id", "activity_id", name=op.f("uq_activity_session_id_activity_id")),
    )
    op.create_table(
        "enrolment",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_enrolment_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_enrolment_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint(
            "activity_id", "teacher_id", name=op.f("uq_enrolment_activity_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_enrolment_teacher_id_id"), "enrolment", ["teacher_id", "id"], unique=False
    )
    op.create_table(
        "note",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "reflection",
                name="note_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name=op.f("fk_note_activity_id")),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_note_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint(
            "activity_id", "teacher_id", "kind", name=op.f("uq_note_activity_id_teacher_id_kind")
        ),
    )
    op.create_index(op.f("ix_note_teacher_id_id"), "note", ["teacher_id", "id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "present",
                "late",
                "absent",
                "excused",
                name="attendance_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum(
                "code",
                "organiser",
                "import",
                name="attendance_method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "participant",
                "speaker",
                "organiser",
                name="attendance_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_attendance_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_attendance_session_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_attendance_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "session_id", "teacher_id", name=op.f("uq_attendance_session_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_attendance_activity_id_teacher_id"),
        "attendance",
        ["activity_id", "teacher_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_attendance_teacher_id_id"), "attendance", ["teacher_id", "id"], unique=False
    )
    version_changes("research_group", "activity")
    changeable = ("research_group", "activity", "enrolment", "attendance", "note")
    grant("SELECT, INSERT, UPDATE", *changeable)
    # A draft may still lose a session, or be meant for others.
    grant("SELECT, INSERT, DELETE", "activity_session", "activity_audience")
    # Dated facts are superseded, never changed otherwise and never removed.
    grant("SELECT, INSERT, UPDATE (superseded_at)", "group_member")


def downgrade() -> None:
    op.drop_index(op.f("ix_attendance_teacher_id_id"), table_name="attendance")
    op.drop_index(op.f("ix_attendance_activity_id_teacher_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_index(op.f("ix_note_teacher_id_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_enrolment_teacher_id_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_table("activity_session")
    op.drop_index(
        op.f("ix_activity_audience_target_id_activity_id"), table_name="activity_audience"
    )
    op.drop_table("activity_audience")
    op.drop_index(op.f("ix_activity_school_id_starts_on_id"), table_name="activity")
    op.drop_index(op.f("ix_activity_organiser_unit_id_starts_on_id"), table_name="activity")
    op.drop_index(op.f("ix_activity_organiser_group_id_starts_on_id"), table_name="activity")
    op.drop_index(op.f("ix_activity_county_id_starts_on_id"), table_name="activity")
    op.drop_index(op.f("ix_activity_city_id_starts_on_id"), table_name="activity")
    op.drop_index(op.f("ix_activity_change_transaction_change_sequence"), table_name="activity")
    op.drop_table("activity")
    op.drop_index(
        "uq_group_member_open",
        table_name="group_member",
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    op.drop_index(op.f("ix_group_member_teacher_id"), table_name="group_member")
    op.drop_table("group_member")
    op.drop_index(op.f("ix_research_group_unit_id_name_id"), table_name="research_group")
    op.drop_index(op.f("ix_research_group_school_id_name_id"), table_name="research_group")
    op.drop_index(op.f("ix_research_group_county_id_name_id"), table_name="research_group")
    op.drop_index(op.f("ix_research_group_city_id_name_id"), table_name="research_group")
    op.drop_index(
        op.f("ix_research_group_change_transaction_change_sequence"), table_name="research_group"
    )
    op.drop_table("research_group")
