"""One person entered twice; talent programmes with their cohorts; trainees who are no teachers."""

import sqlalchemy as sa
from alembic import op

from app.database.migrations import application_role, audited, grant

revision = "20261122_1510"
down_revision = "20261122_1500"
branch_labels = None
depends_on = None

TABLES = (
    "distinct_people",
    "person_merger",
    "programme",
    "cohort",
    "cohort_quota",
    "cohort_member",
    "trainee",
    "cohort_trainee",
)

COUNT_TEACHERS = """
CREATE OR REPLACE FUNCTION count_teachers_on_{event}() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO school_register AS held
    SELECT school_id, sum(sign) FROM ({changes}) AS change WHERE {condition}
    GROUP BY school_id HAVING sum(sign) <> 0
    -- In one order everywhere, so that no two writers wait for each other in a circle.
    ORDER BY school_id
    ON CONFLICT (school_id) DO UPDATE SET teachers = held.teachers + excluded.teachers;
    RETURN NULL;
END
$$
"""
ADDED = "SELECT 1 AS sign, * FROM added"
REMOVED = "SELECT -1 AS sign, * FROM removed"
CHANGES = {"insert": (ADDED,), "update": (REMOVED, ADDED), "delete": (REMOVED,)}

NOTE_MERGED = """
CREATE FUNCTION note_merged_teachers() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
    SELECT 'teacher', removed.id, removed.city_id, removed.county_id, removed.school_id
    FROM removed JOIN added USING (id)
    WHERE removed.merged_into_id IS NULL AND added.merged_into_id IS NOT NULL
    ORDER BY removed.id;
    RETURN NULL;
END
$$
"""
NOTED = """
CREATE TRIGGER note_merged_teachers AFTER UPDATE ON teacher
    REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION note_merged_teachers()
"""


MOVED = (
    "activity_staff.teacher_id",
    "assessment.teacher_id",
    "attendance.teacher_id",
    "attendance_change.teacher_id",
    "cohort_member.teacher_id",
    "contest_result.teacher_id",
    "enrolment.teacher_id",
    "evidence.teacher_id",
    "file.teacher_id",
    "goal.teacher_id",
    "leave.teacher_id",
    "note.teacher_id",
    "note_version.teacher_id",
    "observation_sheet.observer_id",
    "observation_sheet.teacher_id",
    "plan.teacher_id",
    "session_plan.teacher_id",
    "survey_receipt.teacher_id",
    "teaching_problem.teacher_id",
)
MOVING = "move_to_survivor(text[], uuid, uuid)"
MOVE_TO_SURVIVOR = """
CREATE FUNCTION move_to_survivor(columns text[], merged uuid, survivor uuid)
    RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved text;
    owner text;
    place text;
    held tid;
    number bigint := 0;
BEGIN
    PERFORM FROM person_merger
        WHERE merged_id = merged AND survivor_id = survivor AND state = 'proposed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no open merger of these two' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whoever may call it changes whose a row is of these columns, and of no others.
    IF NOT columns <@ ARRAY[{moved}] THEN
        RAISE EXCEPTION 'these rows do not go along: %', columns
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    FOR moved, owner IN SELECT split_part(c, '.', 1), split_part(c, '.', 2) FROM unnest(columns) c
    LOOP
        -- A row that is placed by the teacher takes the place along.
        SELECT CASE WHEN cardinality(f.conkey) > 1 THEN
            ', city_id = t.city_id, county_id = t.county_id, school_id = t.school_id' ELSE '' END
        INTO STRICT place
        FROM pg_constraint f
            JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
        WHERE f.conrelid = to_regclass(moved) AND f.confrelid = 'teacher'::regclass
            AND f.contype = 'f' AND a.attname = owner;
        FOR held IN EXECUTE
            format('SELECT ctid FROM %I WHERE %I = $1 FOR UPDATE', moved, owner) USING merged
        LOOP
            BEGIN
                EXECUTE format(
                    'UPDATE %I AS m SET %I = t.id' || place || ' FROM teacher AS t'
                    ' WHERE m.ctid = $1 AND t.id = $2', moved, owner
                ) USING held, survivor;
                number := number + 1;
            EXCEPTION WHEN unique_violation OR check_violation THEN
                -- The survivor has the same, or would have it with itself: this row stays behind.
                NULL;
            END;
        END LOOP;
    END LOOP;
    RETURN number;
END
$$
"""


def count_teachers(condition: str) -> None:
    """What the registers of schools count: every row of teachers of which this holds."""
    for event, rows in CHANGES.items():
        changes = " UNION ALL ".join(rows)
        op.execute(COUNT_TEACHERS.format(event=event, changes=changes, condition=condition))


def let_records_be_merged() -> None:
    """A row of teachers may say that the person is another row: it is counted nowhere then."""
    op.add_column("teacher", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_teacher_merged_into_id"), "teacher", "teacher", ["merged_into_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_teacher_is_not_merged_into_itself"), "teacher", "merged_into_id <> id"
    )
    op.create_index(
        op.f("ix_teacher_merged_into_id"),
        "teacher",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    count_teachers("merged_into_id IS NULL")
    op.execute(NOTE_MERGED)
    op.execute("REVOKE EXECUTE ON FUNCTION note_merged_teachers() FROM PUBLIC")
    op.execute(NOTED)
    # Where nothing is in force any more there is no standing: it is yielded by the ledger alone.
    grant("DELETE", "standing")


def make_mergers() -> None:
    """Which records are two people, and which are to become one."""
    op.create_table(
        "distinct_people",
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_distinct_people_of_two_in_order")),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["account.id"], name=op.f("fk_distinct_people_declared_by")
        ),
        sa.ForeignKeyConstraint(["one_id"], ["teacher.id"], name=op.f("fk_distinct_people_one_id")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["teacher.id"], name=op.f("fk_distinct_people_other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_people")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_distinct_people_one_id_other_id")),
    )
    op.create_index(
        op.f("ix_distinct_people_other_id"), "distinct_people", ["other_id"], unique=False
    )
    op.create_table(
        "person_merger",
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column(
            "proposed_for",
            sa.Enum(
                "survivor",
                "merged",
                "both",
                name="merger_side",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "declined",
                "withdrawn",
                "merged",
                name="merger_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("carried_over", sa.Integer(), nullable=True),
        sa.Column("struck", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'merged') = (carried_over IS NOT NULL)",
            name=op.f("ck_person_merger_says_what_it_did"),
        ),
        sa.CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_person_merger_decided")
        ),
        sa.CheckConstraint("survivor_id <> merged_id", name=op.f("ck_person_merger_of_two")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_person_merger_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["teacher.id"], name=op.f("fk_person_merger_merged_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["account.id"], name=op.f("fk_person_merger_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["teacher.id"], name=op.f("fk_person_merger_survivor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merger")),
    )
    op.create_index(
        op.f("ix_person_merger_merged_id_id"), "person_merger", ["merged_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_person_merger_survivor_id_id"),
        "person_merger",
        ["survivor_id", "id"],
        unique=False,
    )
    op.create_index(
        "uq_person_merger_open",
        "person_merger",
        ["merged_id"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )


def make_programmes() -> None:
    """Programmes, their cohorts with quotas, and who belongs to them."""
    op.create_table(
        "programme",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "master_teachers",
                "backbone_teachers",
                "old_and_young",
                "outstanding_young",
                "gem_cup",
                "masters_and_principals",
                "national_training",
                "other",
                name="programme_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "national",
                "provincial",
                "city",
                "county",
                "school",
                name="designation_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=1000), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_programme_school_is_no_bureau")),
        sa.CheckConstraint("valid_to > valid_from", name=op.f("ck_programme_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_programme_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_programme_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
    )
    op.create_index(op.f("ix_programme_city_id_id"), "programme", ["city_id", "id"], unique=False)
    op.create_index(
        op.f("ix_programme_county_id_id"), "programme", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_programme_school_id_id"), "programme", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_programme_unit_id_name_id"), "programme", ["unit_id", "name", "id"], unique=False
    )
    op.create_table(
        "cohort",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("goals", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("nominate_by", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_cohort_ends_after_it_begins")),
        sa.CheckConstraint("places >= 1", name=op.f("ck_cohort_has_places")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_cohort_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint(
            "programme_id", "year", "name", name=op.f("uq_cohort_programme_id_year_name")
        ),
    )
    op.create_table(
        "cohort_quota",
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_quota_cohort_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["unit.id"], name=op.f("fk_cohort_quota_school_id")),
        sa.PrimaryKeyConstraint("cohort_id", "school_id", name=op.f("pk_cohort_quota")),
    )
    op.create_index(op.f("ix_cohort_quota_school_id"), "cohort_quota", ["school_id"], unique=False)
    op.create_table(
        "cohort_member",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "nominated",
                "admitted",
                "not_admitted",
                "completed",
                "withdrawn",
                name="membership_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("nominated_by", sa.Uuid(), nullable=False),
        sa.Column("nominated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opinion", sa.String(length=500), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        sa.Column("results", sa.ARRAY(sa.Text()), nullable=True),
        sa.CheckConstraint(
            "(state = 'completed') = (results IS NOT NULL)",
            name=op.f("ck_cohort_member_has_results"),
        ),
        sa.CheckConstraint(
            "(state IN ('completed', 'withdrawn')) = (ended_on IS NOT NULL)",
            name=op.f("ck_cohort_member_ended"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('admitted', 'not_admitted', 'completed') OR decided_at IS NOT NULL",
            name=op.f("ck_cohort_member_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_member_cohort_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_cohort_member_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"], ["account.id"], name=op.f("fk_cohort_member_ended_by")
        ),
        sa.ForeignKeyConstraint(
            ["nominated_by"], ["account.id"], name=op.f("fk_cohort_member_nominated_by")
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id", "school_id", "county_id", "city_id"],
            ["teacher.id", "teacher.school_id", "teacher.county_id", "teacher.city_id"],
            name=op.f("fk_cohort_member_teacher_id_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_member")),
        sa.UniqueConstraint(
            "cohort_id", "teacher_id", name=op.f("uq_cohort_member_cohort_id_teacher_id")
        ),
    )
    op.create_index(
        op.f("ix_cohort_member_city_id_id"), "cohort_member", ["city_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_cohort_member_county_id_id"), "cohort_member", ["county_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_cohort_member_school_id_id"), "cohort_member", ["school_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_cohort_member_teacher_id_id"), "cohort_member", ["teacher_id", "id"], unique=False
    )


def make_trainees() -> None:
    """People who are no teachers, and their parts in cohorts."""
    op.create_table(
        "trainee",
        sa.Column("city_id", sa.Uuid(), nullable=False),
        sa.Column("county_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "technical",
                "management",
                "support",
                "student_teacher",
                "other",
                name="trainee_category",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("employer", sa.String(length=100), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "unit_id",
            sa.Uuid(),
            sa.Computed("coalesce(school_id, county_id)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "id_kind",
            sa.Enum(
                "resident_card",
                "residence_permit",
                "foreigner_permit",
                "home_return_permit",
                "taiwan_permit",
                "passport",
                name="id_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("id_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id_number_index", sa.LargeBinary(), nullable=True),
        sa.Column("id_number", sa.String(length=32), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nulls(id_kind, id_number_sealed, id_number_index, id_number) IN (0, 4)",
            name=op.f("ck_trainee_number_is_whole"),
        ),
        sa.CheckConstraint("school_id <> county_id", name=op.f("ck_trainee_school_is_no_bureau")),
        sa.ForeignKeyConstraint(
            ["county_id", "city_id"],
            ["unit.bureau_id", "unit.city_id"],
            name=op.f("fk_trainee_county_id_city_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "county_id", "city_id"],
            ["unit.id", "unit.county_id", "unit.city_id"],
            name=op.f("fk_trainee_school_id_county_id_city_id"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainee")),
        sa.UniqueConstraint("id", "unit_id", name=op.f("uq_trainee_id_unit_id")),
    )
    op.create_index(op.f("ix_trainee_city_id_id"), "trainee", ["city_id", "id"], unique=False)
    op.create_index(op.f("ix_trainee_county_id_id"), "trainee", ["county_id", "id"], unique=False)
    op.create_index(op.f("ix_trainee_school_id_id"), "trainee", ["school_id", "id"], unique=False)
    op.create_index(
        op.f("ix_trainee_unit_id_category_id"),
        "trainee",
        ["unit_id", "category", "id"],
        unique=False,
    )
    op.create_index(
        "uq_trainee_number",
        "trainee",
        ["unit_id", "id_number_index"],
        unique=True,
        postgresql_where=sa.text("id_number_index IS NOT NULL"),
    )
    op.create_table(
        "cohort_trainee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("trainee_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_trainee_cohort_id")
        ),
        sa.ForeignKeyConstraint(
            ["trainee_id"], ["trainee.id"], name=op.f("fk_cohort_trainee_trainee_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_trainee")),
        sa.UniqueConstraint(
            "cohort_id", "trainee_id", name=op.f("uq_cohort_trainee_cohort_id_trainee_id")
        ),
    )
    op.create_index(
        op.f("ix_cohort_trainee_trainee_id"), "cohort_trainee", ["trainee_id"], unique=False
    )
    # ### end Alembic commands ###


def grant_new_tables() -> None:
    """What the application may do with them: what was said is not changed, what was decided is once."""
    grant("SELECT, INSERT", "distinct_people", "programme")
    decision = "state, decided_at, decided_by, opinion"
    grant(f"SELECT, INSERT, UPDATE ({decision}, carried_over, struck)", "person_merger")
    # Whoever gives a place away holds the cohort, and a lock takes the right to change something.
    grant("SELECT, INSERT, UPDATE (places)", "cohort", "cohort_quota")
    ending = "ended_on, ended_by, ended_because, results"
    grant(f"SELECT, INSERT, UPDATE ({decision}, {ending})", "cohort_member")
    # A new key seals the numbers anew.
    grant("SELECT, INSERT, UPDATE (id_number_sealed)", "trainee")
    grant("SELECT, INSERT, UPDATE (completed_on)", "cohort_trainee")
    for table in TABLES:
        audited(table)
    # Whose a row is changes by an open merger alone, in whatever table.
    op.execute(MOVE_TO_SURVIVOR.format(moved=", ".join(f"'{each}'" for each in MOVED)))
    op.execute(f"REVOKE EXECUTE ON FUNCTION {MOVING} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {MOVING} TO {application_role()}")


def upgrade() -> None:
    let_records_be_merged()
    make_mergers()
    make_programmes()
    make_trainees()
    grant_new_tables()


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {MOVING}")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP TRIGGER note_merged_teachers ON teacher")
    op.execute("DROP FUNCTION note_merged_teachers()")
    count_teachers("true")
    op.drop_index(op.f("ix_teacher_merged_into_id"), table_name="teacher")
    op.drop_column("teacher", "merged_into_id")
