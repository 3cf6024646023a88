"""More kinds of files: courses, trainers, topics, resources; and what groups of files leave is told."""

from alembic import op

from app.database.migrations import application_role

revision = "20261123_2071"
down_revision = "20261123_2070"
branch_labels = None
depends_on = None

SUBJECTS_BEFORE = (
    "units", "people", "careers", "groups", "activities", "outside_training", "national_study",
    "claims", "national_roster",
)  # fmt: skip
SUBJECTS = (*SUBJECTS_BEFORE, "courses", "trainers", "topics", "resources")
TABLES = ("import", "import_origin")

TAKE_BACK = """
CREATE FUNCTION take_back_imported_draft(row_id uuid) RETURNS text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made import_row;
    about text;
BEGIN
    SELECT r.* INTO made FROM import_row r JOIN import i ON i.id = r.import_id
    WHERE r.id = row_id AND i.subject IN ('courses', 'topics') AND r.action = 'create'
        AND r.state = 'applied' FOR UPDATE OF r;
    IF NOT FOUND THEN
        RETURN 'rested';
    END IF;
    SELECT subject INTO about FROM import WHERE id = made.import_id;
    IF about = 'courses' THEN
        PERFORM FROM course WHERE id = made.target_id AND state = 'draft' AND version = 0 FOR UPDATE;
        IF NOT FOUND THEN
            RETURN 'changed';
        END IF;
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        SELECT 'course', id, city_id, county_id, school_id FROM course WHERE id = made.target_id;
        DELETE FROM course_audience WHERE course_id = made.target_id;
        DELETE FROM course WHERE id = made.target_id;
    ELSE
        PERFORM FROM topic WHERE id = made.target_id AND state = 'draft' FOR UPDATE;
        IF NOT FOUND THEN
            RETURN 'changed';
        END IF;
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        SELECT 'topic', id, city_id, county_id, school_id FROM topic WHERE id = made.target_id;
        DELETE FROM topic_member
        WHERE topic_id = made.target_id AND duty = 'leader'
            AND NOT EXISTS (SELECT FROM topic_step s WHERE s.topic_id = made.target_id);
        DELETE FROM topic WHERE id = made.target_id;
    END IF;
    RETURN 'gone';
EXCEPTION WHEN foreign_key_violation THEN
    RETURN 'rested';
END
$$
"""
"""Removes the draft of a course or of a topic that one row of an import has begun.

The application may remove neither; this it may, as long as it was never declared or handed in and nothing else
refers to it: 'gone', 'changed' or 'rested'.
"""


def _subjects(among: tuple[str, ...]) -> None:
    words = ", ".join(f"'{each}'" for each in among)
    for table in TABLES:
        name = op.f(f"ck_{table}_import_subject")
        op.drop_constraint(name, table)
        op.create_check_constraint(name, table, f"subject IN ({words})")


def upgrade() -> None:
    _subjects(SUBJECTS)
    op.execute(TAKE_BACK)
    op.execute("REVOKE ALL ON FUNCTION take_back_imported_draft FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION take_back_imported_draft TO {application_role()}")


def downgrade() -> None:
    op.execute("DROP FUNCTION take_back_imported_draft")
    before = ", ".join(f"'{each}'" for each in SUBJECTS_BEFORE)
    op.execute(f"DELETE FROM import_origin WHERE subject NOT IN ({before})")  # noqa: S608  our own words
    op.execute(
        "DELETE FROM import_row USING import"  # noqa: S608
        f" WHERE import.id = import_row.import_id AND import.subject NOT IN ({before})"
    )
    op.execute(f"DELETE FROM import WHERE subject NOT IN ({before})")  # noqa: S608
    _subjects(SUBJECTS_BEFORE)
