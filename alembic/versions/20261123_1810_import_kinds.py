"""More kinds of files: activities with attendance, outside training, and what only is compared."""

from alembic import op

from app.database.migrations import application_role

revision = "20261123_1810"
down_revision = "20261123_1800"
branch_labels = None
depends_on = None

SUBJECTS_BEFORE = ("units", "people", "careers", "groups")
SUBJECTS = (
    *SUBJECTS_BEFORE, "activities", "outside_training", "national_study", "claims",
    "national_roster",
)  # fmt: skip
TABLES = ("import", "import_origin")

TAKE_BACK = """
CREATE FUNCTION take_back_imported_attendance(row_id uuid) RETURNS text LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    made import_row;
    about activity;
    record attendance;
BEGIN
    SELECT r.* INTO made FROM import_row r JOIN import i ON i.id = r.import_id
    WHERE r.id = row_id AND i.subject = 'activities' AND r.action = 'create'
        AND r.state = 'applied' FOR UPDATE OF r;
    IF NOT FOUND THEN
        RETURN 'rested';
    END IF;
    SELECT a.* INTO about FROM activity a WHERE a.id = coalesce(
        (made.after ->> 'new_activity')::uuid,
        (SELECT activity_id FROM attendance WHERE id = made.target_id), made.target_id
    ) FOR UPDATE;
    IF NOT FOUND OR about.state NOT IN ('published', 'held') THEN
        RETURN 'changed';
    END IF;
    IF made.target_id <> about.id THEN
        SELECT * INTO record FROM attendance
        WHERE id = made.target_id AND recorded_at = made.applied_at FOR UPDATE;
        IF NOT FOUND THEN
            RETURN 'changed';
        END IF;
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        VALUES ('attendance', record.id, record.city_id, record.county_id, record.school_id);
        DELETE FROM attendance WHERE id = record.id;
    END IF;
    IF made.after ? 'new_activity' THEN
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        VALUES ('activity', about.id, about.city_id, about.county_id, about.school_id);
        DELETE FROM activity_audience WHERE activity_id = about.id;
        DELETE FROM activity_session WHERE activity_id = about.id;
        DELETE FROM activity WHERE id = about.id;
    END IF;
    RETURN 'gone';
EXCEPTION WHEN foreign_key_violation THEN
    RETURN 'rested';
END
$$
"""
"""Removes the attendance that one row of an import has recorded and, where the row had set it up, the activity.

The application may remove neither; this it may, as long as the activity is not closed, nobody changed the
record since, and nothing else refers to it: 'gone', 'changed' or 'rested'.
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
    op.execute("REVOKE ALL ON FUNCTION take_back_imported_attendance FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION take_back_imported_attendance TO {application_role()}")


def downgrade() -> None:
    op.execute("DROP FUNCTION take_back_imported_attendance")
    before = ", ".join(f"'{each}'" for each in SUBJECTS_BEFORE)
    op.execute(f"DELETE FROM import_origin WHERE subject NOT IN ({before})")  # noqa: S608  our own words
    op.execute(
        "DELETE FROM import_row USING import"  # noqa: S608
        f" WHERE import.id = import_row.import_id AND import.subject NOT IN ({before})"
    )
    op.execute(f"DELETE FROM import WHERE subject NOT IN ({before})")  # noqa: S608
    _subjects(SUBJECTS_BEFORE)
