"""What rows of an import have made is taken back many rows at once.

The function that takes one row stays until no release asks for it.
"""

from alembic import op

from app.database.migrations import application_role

revision = "20261124_2210"
down_revision = "20261124_2202"
branch_labels = None
depends_on = None

TAKE_BACK = """
CREATE FUNCTION take_back_import_rows(of_import uuid, row_ids uuid[]) RETURNS uuid[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    about text;
    chosen uuid[];
    total integer := cardinality(row_ids);
    part integer := CASE WHEN total > 100 THEN total / 8 ELSE 1 END;
BEGIN
    SELECT subject INTO about FROM import WHERE id = of_import;
    PERFORM FROM import_row WHERE import_id = of_import AND id = ANY (row_ids) ORDER BY id FOR UPDATE;
    IF about = 'people' THEN
        PERFORM FROM teacher WHERE id IN (
            SELECT target_id FROM import_row WHERE import_id = of_import AND id = ANY (row_ids)
        ) ORDER BY id FOR UPDATE;
    END IF;
    SELECT array_agg(r.id) INTO chosen
    FROM import_row r LEFT JOIN teacher t ON about = 'people' AND t.id = r.target_id
    WHERE r.import_id = of_import AND r.id = ANY (row_ids)
        AND r.action = 'create' AND r.state = 'applied'
        AND (
            about IN ('units', 'groups')
            OR about = 'people' AND t.id IS NOT NULL AND t.merged_into_id IS NULL
                AND r.after @> jsonb_build_object('name', t.name, 'subject', t.subject, 'stage', t.stage)
                -- What rests on somebody is found by the keys; this is what most often does.
                AND NOT EXISTS (SELECT FROM teacher_rank f
                    WHERE f.teacher_id = t.id AND f.recorded_at <> r.applied_at)
                AND NOT EXISTS (SELECT FROM teacher_post f
                    WHERE f.teacher_id = t.id AND f.recorded_at <> r.applied_at)
                AND NOT EXISTS (SELECT FROM teacher_education f WHERE f.teacher_id = t.id)
                AND NOT EXISTS (SELECT FROM teacher_qualification f WHERE f.teacher_id = t.id)
        );
    IF about = 'people' THEN
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        SELECT 'teacher', t.id, t.city_id, t.county_id, t.school_id
        FROM import_row r JOIN teacher t ON t.id = r.target_id WHERE r.id = ANY (chosen);
        DELETE FROM employment f USING import_row r
        WHERE r.id = ANY (chosen) AND f.teacher_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM teacher_establishment f USING import_row r
        WHERE r.id = ANY (chosen) AND f.teacher_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM teacher_state f USING import_row r
        WHERE r.id = ANY (chosen) AND f.teacher_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM teacher_rank f USING import_row r
        WHERE r.id = ANY (chosen) AND f.teacher_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM teacher_post f USING import_row r
        WHERE r.id = ANY (chosen) AND f.teacher_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM teacher t USING import_row r WHERE r.id = ANY (chosen) AND t.id = r.target_id;
    ELSIF about = 'units' THEN
        INSERT INTO departure (kind, thing_id, left_city_id, left_county_id, left_school_id)
        SELECT 'unit', u.id, u.city_id, u.county_id, u.school_id
        FROM import_row r JOIN unit u ON u.id = r.target_id WHERE r.id = ANY (chosen);
        DELETE FROM unit_named f USING import_row r
        WHERE r.id = ANY (chosen) AND f.unit_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM unit_code f USING import_row r
        WHERE r.id = ANY (chosen) AND f.unit_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM unit_located f USING import_row r
        WHERE r.id = ANY (chosen) AND f.unit_id = r.target_id AND f.recorded_at = r.applied_at;
        DELETE FROM school_register f USING import_row r
        WHERE r.id = ANY (chosen) AND f.school_id = r.target_id AND f.teachers = 0;
        DELETE FROM unit u USING import_row r WHERE r.id = ANY (chosen) AND u.id = r.target_id;
    ELSIF about = 'groups' THEN
        DELETE FROM group_member m USING import_row r
        WHERE r.id = ANY (chosen) AND m.id = r.target_id AND m.recorded_at = r.applied_at;
        DELETE FROM research_group g USING import_row r
        WHERE r.id = ANY (chosen) AND g.id = (r.after ->> 'new_group')::uuid;
    END IF;
    RETURN coalesce(chosen, '{}');
EXCEPTION WHEN foreign_key_violation THEN
    chosen := '{}';
    IF total > 1 THEN
        FOR begins IN 1 .. total BY part LOOP
            chosen := chosen
                || take_back_import_rows(of_import, row_ids[begins : least(begins + part - 1, total)]);
        END LOOP;
    END IF;
    RETURN chosen;
END
$$
"""
"""Removes what rows of an import have made, if nothing else refers to it: those of which it is gone.

Where something refers to any of it nothing is removed, and smaller parts are tried, then each row by
itself, in the order in which they are given. The application may remove no teacher, unit or group; this it
may, of what an import has made by a slip.
"""


def upgrade() -> None:
    op.execute(TAKE_BACK)
    op.execute("REVOKE ALL ON FUNCTION take_back_import_rows FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION take_back_import_rows TO {application_role()}")


def downgrade() -> None:
    op.execute("DROP FUNCTION take_back_import_rows")
