"""Careers in two times: relations, service places, ranks, honours, education and stages."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import grant

revision = "20261122_1410"
down_revision = "20261122_1400"
branch_labels = None
depends_on = None

POSTS = (
    "teacher", "class_head", "school_cadre", "middle_leader", "trainer", "librarian",
    "training_officer", "language_officer", "science_counsellor", "arts_teacher",
    "information_officer", "other_technical",
)  # fmt: skip
LEADERS = ("principal", "vice_principal", "party_secretary")

ONCE = {"employment": (), "teacher_rank": (), "teacher_post": ("post", "school_id")}
"""What may hold once at a time, beside the teacher, of the facts that there were before."""

OPEN = {"employment": "uq_employment_open", "teacher_rank": "uq_teacher_rank_open"}
"""The indexes whose place those constraints take: they saw facts without an end alone."""


def text_enum(name: str, column: str, *values: str) -> sa.Column:
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(column, kind, nullable=False)


def words(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def times() -> tuple[sa.Column, ...]:
    return (
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
    )


def holds_once(table: str, *slot: str) -> None:
    """Keep that no two believed facts of one slot hold on one day."""
    columns = ", ".join(f"{name} WITH =" for name in ("teacher_id", *slot))
    op.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT ex_{table}_holds_once EXCLUDE USING gist"
        f" ({columns}, daterange(valid_from, valid_to) WITH &&) WHERE (superseded_at IS NULL)"
    )


def fact_table(name: str, *columns: sa.schema.SchemaItem, slot: tuple[str, ...] = ()) -> None:
    """A table of facts about teachers; dated facts are superseded, never changed otherwise."""
    op.create_table(
        name,
        *times(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("superseded_because", sa.String(length=200), nullable=True),
        *columns,
        sa.CheckConstraint("valid_to > valid_from", name=op.f(f"ck_{name}_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["teacher_id"], ["teacher.id"], name=f"fk_{name}_teacher_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_teacher_id_valid_from", name, ["teacher_id", "valid_from"])
    holds_once(name, *slot)
    grant("SELECT, INSERT, UPDATE (superseded_at, superseded_because)", name)


def check_posts(*values: str) -> None:
    op.drop_constraint(op.f("ck_teacher_post_post"), "teacher_post", type_="check")
    listed = ", ".join(f"'{value}'" for value in values)
    op.create_check_constraint(op.f("ck_teacher_post_post"), "teacher_post", f"post IN ({listed})")


def upgrade() -> None:
    change_former_facts()
    fact_table(
        "teacher_establishment",
        text_enum(
            "establishment", "establishment",
            "established", "contracted", "special_post", "substitute", "other",
        ),
    )  # fmt: skip
    fact_table(
        "teacher_state",
        text_enum(
            "service_state", "state",
            "in_service", "seconded", "on_leave", "off_post", "retired", "left",
        ),
    )  # fmt: skip
    create_service_place()
    fact_table(
        "teacher_honour",
        text_enum(
            "honour", "honour",
            "backbone_principal", "master_teacher", "dual_master_candidate", "backbone_teacher",
            "teaching_expert", "special_grade_teacher", "chief_teacher", "subject_leader", "other",
        ),
        text_enum(
            "honour_level", "level", "national", "provincial", "city", "county", "school"
        ),
        words("issuer", 100),
        words("title", 100),
        slot=("honour", "level", "title"),
    )  # fmt: skip
    fact_table(
        "teacher_education",
        text_enum(
            "education_level", "level",
            "secondary", "college", "bachelor", "postgraduate_course", "master", "doctor",
        ),
        text_enum("study_state", "study", "in_progress", "graduated", "completed"),
        words("institution", 100),
        words("major", 100),
        slot=("level", "institution", "major"),
    )  # fmt: skip
    fact_table(
        "growth_result",
        text_enum("growth_stage", "stage", "one_year", "three_years", "five_years"),
        text_enum("growth_finding", "finding", "reached", "partly_reached", "not_reached"),
        words("note", 500),
        slot=("stage",),
    )
    create_growth_target()


def change_former_facts() -> None:
    for table, slot in ONCE.items():
        op.add_column(table, sa.Column("superseded_because", sa.String(length=200), nullable=True))
        grant("UPDATE (superseded_because)", table)
        if table == "teacher_post":
            place_posts()
        else:
            op.drop_index(OPEN[table], table_name=table)
        holds_once(table, *slot)


def place_posts() -> None:
    """Posts were held at the school of the teacher; from now on it is said where."""
    check_posts(*POSTS, *LEADERS)
    op.add_column("teacher_post", sa.Column("department", sa.String(length=60), nullable=True))
    op.add_column("teacher_post", sa.Column("school_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE teacher_post SET school_id = teacher.school_id FROM teacher"
        " WHERE teacher.id = teacher_post.teacher_id"
    )
    op.alter_column("teacher_post", "school_id", nullable=False)
    op.create_foreign_key(
        "fk_teacher_post_school_id", "teacher_post", "unit", ["school_id"], ["id"]
    )
    op.create_index(
        "ix_teacher_post_school_id_post_valid_from",
        "teacher_post",
        ["school_id", "post", "valid_from"],
    )


def create_service_place() -> None:
    fact_table(
        "service_place",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        text_enum("place_kind", "kind", "main", "rotation", "itinerant", "support"),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name="fk_service_place_school_id"),
        slot=("school_id",),
    )
    op.execute(
        "ALTER TABLE service_place ADD CONSTRAINT ex_service_place_main_once EXCLUDE USING gist"
        " (teacher_id WITH =, daterange(valid_from, valid_to) WITH &&)"
        " WHERE (superseded_at IS NULL AND kind = 'main')"
    )
    op.create_index(
        "ix_service_place_school_id_valid_from", "service_place", ["school_id", "valid_from"]
    )


def create_growth_target() -> None:
    op.create_table(
        "growth_target",
        *times(),
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        text_enum("growth_stage", "stage", "one_year", "three_years", "five_years"),
        words("title", 60),
        words("criteria", 1000),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "valid_to > valid_from", name=op.f("ck_growth_target_ends_after_it_begins")
        ),
        sa.CheckConstraint(
            "school_id <> county_id", name=op.f("ck_growth_target_school_is_no_bureau")
        ),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name="fk_growth_target_county_id_city_id",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name="fk_growth_target_school_id_county_id_city_id",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_growth_target"),
    )
    op.create_index(
        "uq_growth_target_open",
        "growth_target",
        ["unit_id", "stage"],
        unique=True,
        postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
    )
    grant("SELECT, INSERT, UPDATE (superseded_at)", "growth_target")


def downgrade() -> None:
    for table in (
        "growth_target", "growth_result", "teacher_education", "teacher_honour", "service_place",
        "teacher_state", "teacher_establishment",
    ):  # fmt: skip
        op.drop_table(table)
    for table in ONCE:
        op.drop_constraint(f"ex_{table}_holds_once", table)
        op.drop_column(table, "superseded_because")
    for table, index in OPEN.items():
        op.create_index(
            index,
            table,
            ["teacher_id"],
            unique=True,
            postgresql_where=sa.text("superseded_at IS NULL AND valid_to IS NULL"),
        )
    op.drop_column("teacher_post", "school_id")
    op.drop_column("teacher_post", "department")
    op.execute(
        "UPDATE teacher_post SET post = 'school_cadre'"
        " WHERE post IN ('principal', 'vice_principal', 'party_secretary')"
    )
    check_posts(*POSTS)
