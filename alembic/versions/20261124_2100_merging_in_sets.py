"""Rows go along with a merged record table by table; attempts and what was handed in are numbered anew."""

from alembic import op

from app.database.migrations import application_role, change_moving, grant

revision = "20261124_2100"
down_revision = "20261124_2090"
branch_labels = None
depends_on = None

DECLARED = """
    number bigint := 0;
"""
DECLARED_WITH_CHANGED = """
    number bigint := 0;
    changed bigint;
"""
ONE_BY_ONE = """
        FOR held IN EXECUTE
"""
ALL_AT_ONCE = """
        -- All at once; one by one only where one of them cannot go along.
        BEGIN
            EXECUTE format(
                'UPDATE %I AS m SET %I = t.id' || place || ' FROM teacher AS t'
                ' WHERE m.%I = $1 AND t.id = $2', moved, owner, owner
            ) USING merged, survivor;
            GET DIAGNOSTICS changed = ROW_COUNT;
            number := number + changed;
            CONTINUE;
        EXCEPTION WHEN unique_violation OR check_violation THEN
            NULL;
        END;
        FOR held IN EXECUTE
"""
# What `20261123_1930` made compared two documents for each row.
KEEP = """
CREATE OR REPLACE FUNCTION keep_learning_record() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    kept learning_record;
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'learning records are kept as they were told: % is refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whose it is follows the person to another school, or to the record that stays of two.
    kept := NEW;
    kept.teacher_id := OLD.teacher_id;
    kept.city_id := OLD.city_id;
    kept.county_id := OLD.county_id;
    kept.school_id := OLD.school_id;
    IF kept IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'learning records are kept as they were told'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.teacher_id <> NEW.teacher_id THEN
        INSERT INTO learning_due (activity_id, teacher_id, since)
        VALUES (NEW.activity_id, NEW.teacher_id, now()) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NEW;
END
$$
"""
KEEP_BY_DOCUMENTS = """
CREATE OR REPLACE FUNCTION keep_learning_record() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    following CONSTANT text[] := '{teacher_id,city_id,county_id,school_id}';
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'learning records are kept as they were told: % is refused', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whose it is follows the person to another school, or to the record that stays of two.
    IF to_jsonb(OLD) - following <> to_jsonb(NEW) - following THEN
        RAISE EXCEPTION 'learning records are kept as they were told'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.teacher_id <> NEW.teacher_id THEN
        INSERT INTO learning_due (activity_id, teacher_id, since)
        VALUES (NEW.activity_id, NEW.teacher_id, now()) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NEW;
END
$$
"""
NUMBERED = ("course_test_attempt", "exercise_submission")


def upgrade() -> None:
    change_moving(DECLARED, DECLARED_WITH_CHANGED)
    change_moving(ONE_BY_ONE, ALL_AT_ONCE)
    op.execute(KEEP)
    grant("UPDATE (number)", *NUMBERED)


def downgrade() -> None:
    for table in NUMBERED:
        op.execute(f"REVOKE UPDATE (number) ON {table} FROM {application_role()}")
    op.execute(KEEP_BY_DOCUMENTS)
    change_moving(ALL_AT_ONCE, ONE_BY_ONE)
    change_moving(DECLARED_WITH_CHANGED, DECLARED)
