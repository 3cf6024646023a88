"""Where a row cannot go along with a merged record, the others go by halves, and no longer one by one."""

from app.database.migrations import change_moving

revision = "20261124_2202"
down_revision = "20261124_2201"
branch_labels = None
depends_on = None

DECLARED = """
    held tid;
    number bigint := 0;
    changed bigint;
"""
DECLARED_WITH_PARTS = """
    held tid[];
    lows integer[];
    highs integer[];
    low integer;
    high integer;
    number bigint := 0;
    changed bigint;
"""
ONE_BY_ONE = """
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
"""
BY_HALVES = """
        EXECUTE format(
            'SELECT array_agg(ctid) FROM (SELECT ctid FROM %I WHERE %I = $1 FOR UPDATE) AS rows',
            moved, owner
        ) INTO held USING merged;
        CONTINUE WHEN held IS NULL;
        -- All at once; where one of them cannot go along by halves, until it is alone.
        lows := ARRAY[1];
        highs := ARRAY[cardinality(held)];
        WHILE cardinality(lows) > 0 LOOP
            low := lows[cardinality(lows)];
            high := highs[cardinality(highs)];
            lows := trim_array(lows, 1);
            highs := trim_array(highs, 1);
            BEGIN
                EXECUTE format(
                    'UPDATE %I AS m SET %I = t.id' || place || ' FROM teacher AS t'
                    ' WHERE m.ctid = ANY ($1) AND t.id = $2', moved, owner
                ) USING held[low:high], survivor;
                GET DIAGNOSTICS changed = ROW_COUNT;
                number := number + changed;
            EXCEPTION WHEN unique_violation OR check_violation THEN
                -- The survivor has the same, or would have it with itself: that row stays behind.
                IF low < high THEN
                    lows := lows || ARRAY[(low + high) / 2 + 1, low];
                    highs := highs || ARRAY[high, (low + high) / 2];
                END IF;
            END;
        END LOOP;
"""


def upgrade() -> None:
    change_moving(DECLARED, DECLARED_WITH_PARTS)
    change_moving(ONE_BY_ONE, BY_HALVES)


def downgrade() -> None:
    change_moving(BY_HALVES, ONE_BY_ONE)
    change_moving(DECLARED_WITH_PARTS, DECLARED)
