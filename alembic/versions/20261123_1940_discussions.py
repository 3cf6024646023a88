"""Discussions with their posts and what is reported of them; consultations of advisers."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1940"
down_revision = "20261123_1930"
branch_labels = None
depends_on = None

TABLES = (
    "discussion", "discussion_reading", "discussion_post", "post_wording", "post_mention",
    "post_decision", "post_report", "consultation", "consultation_message",
)  # fmt: skip
MOVED = (
    "consultation.adviser_id", "consultation.teacher_id", "discussion.teacher_id",
    "discussion_post.teacher_id", "post_mention.teacher_id",
)  # fmt: skip
EVIDENCE = (
    "note", "reflection", "observation_sheet", "lesson_plan", "courseware", "recording", "photo",
    "written_survey", "written_examination", "paper", "contest_result", "summary",
    "attendance_sheet", "certificate", "other",
)  # fmt: skip


def upgrade() -> None:
    make_discussion()
    grant(
        "SELECT, INSERT, UPDATE (title, text, is_pinned, closed_at, closed_by, closed_because)",
        "discussion",
    )
    audited("discussion")
    make_discussion_reading()
    grant("SELECT, INSERT, UPDATE (read_to, read_at)", "discussion_reading")
    make_discussion_post()
    grant(
        "SELECT, INSERT, UPDATE (text, edited_at, withdrawn_at, hidden_at,"
        " hidden_because, told_at, reported_at)",
        "discussion_post",
    )
    # What was withdrawn is gone: the trail says when a text changed, and never what it was.
    audited("discussion_post", hidden=("text",), insertions=False)
    make_post_wording()
    grant("SELECT, INSERT, DELETE", "post_wording")
    make_post_mention()
    grant("SELECT, INSERT", "post_mention")
    make_post_decision()
    grant("SELECT, INSERT", "post_decision")
    audited("post_decision")
    make_post_report()
    grant("SELECT, INSERT, UPDATE (decision_id)", "post_report")
    audited("post_report", hidden=("text", "remark"))
    make_consultation()
    grant(
        "SELECT, INSERT, UPDATE (state, since, due_on, answered_at, closed_at, rating, remark)",
        "consultation",
    )
    # What two people ask and say of each other is theirs; who asked whom, and when, is in the trail.
    audited("consultation", hidden=("title", "rating", "remark"))
    make_consultation_message()
    grant("SELECT, INSERT", "consultation_message")
    moved_with_person(*MOVED)
    know_evidence((*EVIDENCE, "comment"))


def know_evidence(kinds: tuple[str, ...]) -> None:
    """Let evidence be of these kinds."""
    op.drop_constraint(op.f("ck_evidence_evidence_kind"), "evidence", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_evidence_evidence_kind"), "evidence", f"kind IN ({listed})")


def make_discussion() -> None:
    op.create_table(
        "discussion",
        # First, so that the trail has the place of who opened it, not that of whose video it is.
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("closed_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(resource_id IS NULL) = (duration_ms IS NULL)", name=op.f("ck_discussion_video")
        ),
        sa.CheckConstraint(
            "duration_ms BETWEEN 1 AND 86400000", name=op.f("ck_discussion_duration")
        ),
        sa.CheckConstraint(
            "num_nonnulls(activity_id, course_id, topic_id, group_id) = 1",
            name=op.f("ck_discussion_on_one_thing"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(closed_at, closed_by, closed_because) IN (0, 3)",
            name=op.f("ck_discussion_closed"),
        ),
        sa.CheckConstraint(
            "session_id IS NULL OR activity_id IS NOT NULL", name=op.f("ck_discussion_session")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_discussion_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["account.id"], name=op.f("fk_discussion_closed_by")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_discussion_course_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["research_group.id"], name=op.f("fk_discussion_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["account.id"], name=op.f("fk_discussion_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_discussion_resource_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "activity_id"],
            ["activity_session.id", "activity_session.activity_id"],
            name=op.f("fk_discussion_session_id_activity_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_discussion_teacher_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_discussion_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion")),
    )
    op.create_index(
        op.f("ix_discussion_activity_id_id"),
        "discussion",
        ["activity_id", "id"],
        unique=False,
        postgresql_where=sa.text("activity_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_course_id_id"),
        "discussion",
        ["course_id", "id"],
        unique=False,
        postgresql_where=sa.text("course_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_group_id_id"),
        "discussion",
        ["group_id", "id"],
        unique=False,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_resource_id_id"),
        "discussion",
        ["resource_id", "id"],
        unique=False,
        postgresql_where=sa.text("resource_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_teacher_id_id"),
        "discussion",
        ["teacher_id", "id"],
        unique=False,
        postgresql_where=sa.text("teacher_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_topic_id_id"),
        "discussion",
        ["topic_id", "id"],
        unique=False,
        postgresql_where=sa.text("topic_id IS NOT NULL"),
    )


def make_discussion_reading() -> None:
    op.create_table(
        "discussion_reading",
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("read_to", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_discussion_reading_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_discussion_reading_discussion_id")
        ),
        sa.PrimaryKeyConstraint("discussion_id", "account_id", name=op.f("pk_discussion_reading")),
    )


def make_discussion_post() -> None:
    op.create_table(
        "discussion_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_because", sa.String(length=500), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_because IS NULL)", name=op.f("ck_discussion_post_hidden")
        ),
        sa.CheckConstraint(
            "(text IS NULL) = (withdrawn_at IS NOT NULL)", name=op.f("ck_discussion_post_withdrawn")
        ),
        sa.CheckConstraint("at_ms BETWEEN 0 AND 86400000", name=op.f("ck_discussion_post_at_ms")),
        sa.CheckConstraint(
            "parent_id IS NULL OR at_ms IS NULL",
            name=op.f("ck_discussion_post_reply_is_at_its_post"),
        ),
        sa.CheckConstraint(
            "told_at IS NULL OR hidden_at IS NOT NULL", name=op.f("ck_discussion_post_told")
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["discussion.id"], name=op.f("fk_discussion_post_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "discussion_id"],
            ["discussion_post.id", "discussion_post.discussion_id"],
            name=op.f("fk_discussion_post_parent_id_discussion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_discussion_post_teacher_id")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_discussion_post_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_post")),
        sa.UniqueConstraint(
            "discussion_id", "number", name=op.f("uq_discussion_post_discussion_id_number")
        ),
        sa.UniqueConstraint(
            "id", "discussion_id", name=op.f("uq_discussion_post_id_discussion_id")
        ),
    )
    op.create_index(
        op.f("ix_discussion_post_discussion_id_at_ms_number_id"),
        "discussion_post",
        ["discussion_id", "at_ms", "number", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_discussion_post_hidden_at"),
        "discussion_post",
        ["hidden_at"],
        unique=False,
        postgresql_where=sa.text("hidden_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_post_parent_id_number"),
        "discussion_post",
        ["parent_id", "number"],
        unique=False,
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_post_reported_at"),
        "discussion_post",
        ["reported_at"],
        unique=False,
        postgresql_where=sa.text("reported_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_discussion_post_teacher_id_id"),
        "discussion_post",
        ["teacher_id", "id"],
        unique=False,
        postgresql_where=sa.text("teacher_id IS NOT NULL"),
    )


def make_post_wording() -> None:
    op.create_table(
        "post_wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["discussion_post.id"], name=op.f("fk_post_wording_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_wording")),
    )
    op.create_index(
        op.f("ix_post_wording_post_id_replaced_at_id"),
        "post_wording",
        ["post_id", "replaced_at", "id"],
        unique=False,
    )


def make_post_mention() -> None:
    op.create_table(
        "post_mention",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["discussion_post.id"], name=op.f("fk_post_mention_post_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_post_mention_teacher_id")
        ),
        sa.PrimaryKeyConstraint("post_id", "teacher_id", name=op.f("pk_post_mention")),
    )
    op.create_index(
        op.f("ix_post_mention_teacher_id_post_id"),
        "post_mention",
        ["teacher_id", "post_id"],
        unique=False,
    )


def make_post_decision() -> None:
    op.create_table(
        "post_decision",
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "hidden",
                "restored",
                "dismissed",
                name="post_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_post_decision_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["discussion_post.id"], name=op.f("fk_post_decision_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_decision")),
    )
    op.create_index(
        op.f("ix_post_decision_post_id_id"), "post_decision", ["post_id", "id"], unique=False
    )


def make_post_report() -> None:
    op.create_table(
        "post_report",
        sa.Column(
            "reason",
            sa.Enum(
                "abuse",
                "privacy",
                "false",
                "advertising",
                "off_topic",
                "other",
                name="report_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["post_decision.id"], name=op.f("fk_post_report_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["discussion_post.id"], name=op.f("fk_post_report_post_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["account.id"], name=op.f("fk_post_report_reported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_report")),
    )
    op.create_index(
        op.f("ix_post_report_decision_id"), "post_report", ["decision_id"], unique=False
    )
    op.create_index(
        op.f("ix_post_report_post_id_id"), "post_report", ["post_id", "id"], unique=False
    )
    op.create_index(
        "uq_post_report_waiting",
        "post_report",
        ["post_id", "reported_by"],
        unique=True,
        postgresql_where=sa.text("decision_id IS NULL"),
    )


def make_consultation() -> None:
    op.create_table(
        "consultation",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
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
        sa.Column("is_private", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=False),
        sa.Column("trainer_id", sa.Uuid(), nullable=True),
        sa.Column("mentor_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "answered",
                "closed",
                name="consultation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_consultation_closed")
        ),
        sa.CheckConstraint(
            "num_nonnulls(trainer_id, mentor_id, group_id) = 1",
            name=op.f("ck_consultation_known_as"),
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_consultation_rating")),
        sa.CheckConstraint(
            "rating IS NULL OR closed_at IS NOT NULL",
            name=op.f("ck_consultation_rated_when_closed"),
        ),
        sa.CheckConstraint(
            "remark IS NULL OR rating IS NOT NULL", name=op.f("ck_consultation_remark")
        ),
        sa.CheckConstraint("teacher_id <> adviser_id", name=op.f("ck_consultation_not_oneself")),
        sa.ForeignKeyConstraint(
            ["adviser_id"], ["teacher.id"], name=op.f("fk_consultation_adviser_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_consultation_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["research_group.id"], name=op.f("fk_consultation_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["mentor.id"], name=op.f("fk_consultation_mentor_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_consultation_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["trainer_id"], ["trainer.id"], name=op.f("fk_consultation_trainer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
    )
    op.create_index(
        op.f("ix_consultation_adviser_id_id"), "consultation", ["adviser_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_consultation_adviser_id_since"),
        "consultation",
        ["adviser_id", "since"],
        unique=False,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_index(
        op.f("ix_consultation_city_id_id"), "consultation", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_consultation_county_id_id"), "consultation", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_consultation_school_id_id"), "consultation", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_consultation_teacher_id_id"), "consultation", ["teacher_id", "id"], unique=False
    )


def make_consultation_message() -> None:
    op.create_table(
        "consultation_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("by_adviser", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_message_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["account.id"], name=op.f("fk_consultation_message_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_message")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_consultation_message_consultation_id_number")
        ),
    )


def downgrade() -> None:
    know_evidence(EVIDENCE)
    not_moved_with_person(*MOVED)
    for table in reversed(TABLES):
        op.drop_table(table)
