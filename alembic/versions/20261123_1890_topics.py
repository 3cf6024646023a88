"""Research topics with their members, steps, appraisals and activities; outputs; the yearly award."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import audited, grant, moved_with_person, not_moved_with_person

revision = "20261123_1890"
down_revision = "20261123_1880"
branch_labels = None
depends_on = None

MOVED = (
    "topic.leader_id",
    "topic_member.teacher_id",
    "topic_appraisal.expert_id",
    "output_author.teacher_id",
)


def upgrade() -> None:
    make_award_round()
    grant("SELECT, INSERT, UPDATE (state, published_at)", "award_round")
    audited("award_round")
    make_topic()
    grant(
        "SELECT, INSERT, UPDATE (title, level, subject, stage, summary, starts_on, due_on, leader_id, state, shares_explained, number, approved_on, concluded_on, grade, certificate_number)",
        "topic",
    )
    audited("topic")
    make_topic_target()
    grant("SELECT, INSERT, UPDATE (topics, set_by, set_at)", "topic_target")
    audited("topic_target")
    make_research_output()
    grant(
        "SELECT, INSERT, UPDATE (title, kind, level, venue, published_on, doi, isbn, other_authors, file_id, plain_title, state, stated_by, stated_at, opinion, decided_by, decided_at)",
        "research_output",
    )
    audited("research_output")
    make_topic_member()
    grant("SELECT, INSERT, DELETE", "topic_member")
    audited("topic_member")
    make_topic_problem()
    grant("SELECT, INSERT, DELETE", "topic_problem")
    audited("topic_problem")
    make_topic_step()
    grant("SELECT, INSERT, UPDATE (state, opinion, decided_at, decided_by)", "topic_step")
    audited("topic_step")
    make_award_entry()
    grant("SELECT, INSERT, UPDATE (award, opinion), DELETE", "award_entry")
    audited("award_entry")
    make_output_author()
    grant("SELECT, INSERT, DELETE", "output_author")
    audited("output_author")
    make_topic_activity()
    grant("SELECT, INSERT, DELETE", "topic_activity")
    audited("topic_activity")
    make_topic_appraisal()
    grant("SELECT, INSERT, UPDATE (state, score, opinion, answered_at)", "topic_appraisal")
    audited("topic_appraisal", hidden=("score", "opinion"))
    moved_with_person(*MOVED)


def make_award_round() -> None:
    op.create_table(
        "award_round",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "published",
                name="award_round_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_award_round_published"),
        ),
        sa.CheckConstraint(
            "closes_on >= opens_on", name=op.f("ck_award_round_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_award_round_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_award_round_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["account.id"], name=op.f("fk_award_round_opened_by")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_award_round_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_round")),
        sa.UniqueConstraint("unit_id", "year", name=op.f("uq_award_round_unit_id_year")),
    )


def make_topic() -> None:
    op.create_table(
        "topic",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "school",
                "county",
                "city",
                "province",
                name="topic_level",
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
            nullable=True,
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
        sa.Column("summary", sa.String(length=5000), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "rejected",
                "approved",
                "opened",
                "midterm",
                "concluded",
                "withdrawn",
                name="topic_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("shares_explained", sa.String(length=500), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column(
            "grade",
            sa.Enum(
                "excellent",
                "good",
                "qualified",
                name="topic_grade",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("certificate_number", sa.String(length=60), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'concluded') = (concluded_on IS NOT NULL) AND (concluded_on IS NULL) = (grade IS NULL)",
            name=op.f("ck_topic_concluded"),
        ),
        sa.CheckConstraint(
            "level <> 'school' OR school_id IS NOT NULL", name=op.f("ck_topic_level_of_bureau")
        ),
        sa.CheckConstraint("due_on > starts_on", name=op.f("ck_topic_ends_after_it_begins")),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_topic_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_topic_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_topic_created_by")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["research_group.id"], name=op.f("fk_topic_group_id")
        ),
        sa.ForeignKeyConstraint(["leader_id"], ["teacher.id"], name=op.f("fk_topic_leader_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_topic_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
    )
    op.create_index(op.f("ix_topic_city_id_id"), "topic", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_topic_county_id_id"), "topic", ["county_id", "id"], unique=False)
    op.create_index(
        op.f("ix_topic_group_id_id"),
        "topic",
        ["group_id", "id"],
        unique=False,
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_topic_leader_id_id"), "topic", ["leader_id", "id"], unique=False)
    op.create_index(op.f("ix_topic_school_id_id"), "topic", ["school_id", "id"], unique=False)
    op.create_index(op.f("ix_topic_unit_id_id"), "topic", ["unit_id", "id"], unique=False)
    op.create_index(
        "uq_topic_number",
        "topic",
        ["city_id", "level", "number"],
        unique=True,
        postgresql_where=sa.text("number IS NOT NULL"),
    )


def make_topic_target() -> None:
    op.create_table(
        "topic_target",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "school",
                "county",
                "city",
                "province",
                name="topic_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("topics", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("topics >= 0", name=op.f("ck_topic_target_topics")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_topic_target_year")),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_topic_target_set_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_topic_target_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "year", "level", name=op.f("pk_topic_target")),
    )


def make_research_output() -> None:
    op.create_table(
        "research_output",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "paper",
                "book",
                "report",
                "show",
                "case",
                "courseware",
                "other",
                name="output_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "school",
                "county",
                "city",
                "province",
                "national",
                "overseas",
                name="host_level_of_output",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("doi", sa.String(length=200), nullable=True),
        sa.Column("isbn", sa.String(length=30), nullable=True),
        sa.Column("other_authors", sa.String(length=300), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column("plain_title", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "stated",
                "confirmed",
                "returned",
                "withdrawn",
                name="output_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'stated') = (decided_at IS NULL)", name=op.f("ck_research_output_decided")
        ),
        sa.CheckConstraint(
            "state <> 'returned' OR opinion IS NOT NULL",
            name=op.f("ck_research_output_returned_with_reason"),
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_research_output_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_research_output_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_research_output_decided_by")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_research_output_file_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_research_output_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stated_by"], ["account.id"], name=op.f("fk_research_output_stated_by")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_research_output_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_output")),
    )
    op.create_index(
        op.f("ix_research_output_city_id_doi"),
        "research_output",
        ["city_id", "doi"],
        unique=False,
        postgresql_where=sa.text("doi IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_research_output_city_id_id"), "research_output", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_research_output_city_id_isbn"),
        "research_output",
        ["city_id", "isbn"],
        unique=False,
        postgresql_where=sa.text("isbn IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_research_output_city_id_plain_title"),
        "research_output",
        ["city_id", "plain_title"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_output_county_id_id"),
        "research_output",
        ["county_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_output_file_id"),
        "research_output",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_research_output_school_id_id"),
        "research_output",
        ["school_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_research_output_topic_id"),
        "research_output",
        ["topic_id"],
        unique=False,
        postgresql_where=sa.text("topic_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_research_output_unit_id_id"), "research_output", ["unit_id", "id"], unique=False
    )


def make_topic_member() -> None:
    op.create_table(
        "topic_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "leader",
                "core",
                "member",
                name="topic_duty",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("share", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("task", sa.String(length=200), nullable=True),
        sa.CheckConstraint("share >= 0 AND share <= 100", name=op.f("ck_topic_member_share")),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_topic_member_teacher_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_member_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_member")),
        sa.UniqueConstraint(
            "topic_id", "teacher_id", name=op.f("uq_topic_member_topic_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_topic_member_teacher_id_topic_id"),
        "topic_member",
        ["teacher_id", "topic_id"],
        unique=False,
    )
    op.create_index(
        "uq_topic_member_leader",
        "topic_member",
        ["topic_id"],
        unique=True,
        postgresql_where=sa.text("duty = 'leader'"),
    )


def make_topic_problem() -> None:
    op.create_table(
        "topic_problem",
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["teaching_problem.id"], name=op.f("fk_topic_problem_problem_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_problem_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "problem_id", name=op.f("pk_topic_problem")),
    )
    op.create_index(
        op.f("ix_topic_problem_problem_id_topic_id"),
        "topic_problem",
        ["problem_id", "topic_id"],
        unique=False,
    )


def make_topic_step() -> None:
    op.create_table(
        "topic_step",
        sa.Column(
            "kind",
            sa.Enum(
                "application",
                "opening",
                "midterm",
                "extension",
                "conclusion",
                "withdrawal",
                name="step_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("summary", sa.String(length=5000), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed",
                "passed",
                "returned",
                "refused",
                "taken_back",
                name="step_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'extension') = (due_on IS NOT NULL)", name=op.f("ck_topic_step_extension")
        ),
        sa.CheckConstraint(
            "(state = 'filed') = (decided_at IS NULL)", name=op.f("ck_topic_step_decided")
        ),
        sa.CheckConstraint(
            "state IN ('filed', 'taken_back') OR opinion IS NOT NULL",
            name=op.f("ck_topic_step_opinion"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_topic_step_decided_by")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_topic_step_file_id")),
        sa.ForeignKeyConstraint(["filed_by"], ["account.id"], name=op.f("fk_topic_step_filed_by")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_topic_step_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_step")),
    )
    op.create_index(
        op.f("ix_topic_step_file_id"),
        "topic_step",
        ["file_id"],
        unique=False,
        postgresql_where=sa.text("file_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_topic_step_topic_id_id"), "topic_step", ["topic_id", "id"], unique=False
    )
    op.create_index(
        "uq_topic_step_waiting",
        "topic_step",
        ["topic_id"],
        unique=True,
        postgresql_where=sa.text("state = 'filed'"),
    )


def make_award_entry() -> None:
    op.create_table(
        "award_entry",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("output_id", sa.Uuid(), nullable=True),
        sa.Column("topic_id", sa.Uuid(), nullable=True),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "award",
            sa.Enum(
                "special",
                "first",
                "second",
                "third",
                "excellent",
                "none",
                name="award",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(output_id, topic_id) = 1", name=op.f("ck_award_entry_of_one")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_award_entry_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_award_entry_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["account.id"], name=op.f("fk_award_entry_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["output_id"], ["research_output.id"], name=op.f("fk_award_entry_output_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["award_round.id"], name=op.f("fk_award_entry_round_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_award_entry_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_award_entry_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_entry")),
        sa.UniqueConstraint(
            "round_id", "output_id", name=op.f("uq_award_entry_round_id_output_id")
        ),
        sa.UniqueConstraint("round_id", "topic_id", name=op.f("uq_award_entry_round_id_topic_id")),
    )
    op.create_index(
        op.f("ix_award_entry_city_id_id"), "award_entry", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_award_entry_county_id_id"), "award_entry", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_award_entry_output_id"),
        "award_entry",
        ["output_id"],
        unique=False,
        postgresql_where=sa.text("output_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_award_entry_round_id_id"), "award_entry", ["round_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_award_entry_school_id_id"), "award_entry", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_award_entry_topic_id"),
        "award_entry",
        ["topic_id"],
        unique=False,
        postgresql_where=sa.text("topic_id IS NOT NULL"),
    )


def make_output_author() -> None:
    op.create_table(
        "output_author",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("output_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["output_id"], ["research_output.id"], name=op.f("fk_output_author_output_id")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["teacher.id"], name=op.f("fk_output_author_teacher_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_output_author")),
        sa.UniqueConstraint(
            "output_id", "teacher_id", name=op.f("uq_output_author_output_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_output_author_teacher_id_output_id"),
        "output_author",
        ["teacher_id", "output_id"],
        unique=False,
    )


def make_topic_activity() -> None:
    op.create_table(
        "topic_activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_topic_activity_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["account.id"], name=op.f("fk_topic_activity_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_topic_activity_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_activity")),
        sa.UniqueConstraint(
            "topic_id", "activity_id", name=op.f("uq_topic_activity_topic_id_activity_id")
        ),
    )
    op.create_index(
        op.f("ix_topic_activity_activity_id"), "topic_activity", ["activity_id"], unique=False
    )


def make_topic_appraisal() -> None:
    op.create_table(
        "topic_appraisal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "scored",
                "declined",
                name="appraisal_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("opinion", sa.String(length=2000), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL) AND (state = 'asked') = (opinion IS NULL)",
            name=op.f("ck_topic_appraisal_answered"),
        ),
        sa.CheckConstraint(
            "(state = 'scored') = (score IS NOT NULL)", name=op.f("ck_topic_appraisal_score")
        ),
        sa.CheckConstraint(
            "score >= 0 AND score <= 100", name=op.f("ck_topic_appraisal_out_of_hundred")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["account.id"], name=op.f("fk_topic_appraisal_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["teacher.id"], name=op.f("fk_topic_appraisal_expert_id")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["topic_step.id"], name=op.f("fk_topic_appraisal_step_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_appraisal")),
    )
    op.create_index(
        op.f("ix_topic_appraisal_expert_id_id"),
        "topic_appraisal",
        ["expert_id", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_topic_appraisal_step_id_expert_id"),
        "topic_appraisal",
        ["step_id", "expert_id"],
        unique=True,
    )


def downgrade() -> None:
    not_moved_with_person(*MOVED)
    op.drop_table("topic_appraisal")
    op.drop_table("topic_activity")
    op.drop_table("output_author")
    op.drop_table("award_entry")
    op.drop_table("topic_step")
    op.drop_table("topic_problem")
    op.drop_table("topic_member")
    op.drop_table("research_output")
    op.drop_table("topic_target")
    op.drop_table("topic")
    op.drop_table("award_round")
