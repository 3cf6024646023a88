"""A change of a row's key is in the audit trail: the old row was removed, the new one added."""

from alembic import op

revision = "20261124_2220"
down_revision = "20261124_2212"
branch_labels = None
depends_on = None

WITHOUT_KEYS = """
            SELECT key, trail_place(written, TG_ARGV[3], TG_ARGV[4]) AS place,
                (SELECT jsonb_object_agg(name, was -> name)
                    FROM jsonb_object_keys(written - derived) AS name
                    WHERE was -> name <> written -> name) AS before,
                written
            FROM old JOIN new USING (key)
            WHERE was - derived <> written - derived
        )
        INSERT INTO audit_change
            (table_name, row_key, before, after, city_id, county_id, school_id)
        SELECT TG_TABLE_NAME, key, trail_values(before, hidden),
            trail_values(
                (SELECT jsonb_object_agg(name, written -> name)
                    FROM jsonb_object_keys(before) AS name),
                hidden
            ),
            place[1], place[2], place[3]
        FROM changed;
"""
WITH_KEYS = """
            -- Of a row whose key changed there is no other half: it is one removed and one added.
            SELECT key, trail_place(coalesce(written, was), TG_ARGV[3], TG_ARGV[4]) AS place,
                CASE WHEN written IS NULL THEN was - versions ELSE
                    (SELECT jsonb_object_agg(name, was -> name)
                        FROM jsonb_object_keys(written - derived) AS name
                        WHERE was -> name <> written -> name)
                END AS before,
                CASE WHEN was IS NULL THEN written - versions END AS appeared,
                written
            FROM old FULL JOIN new USING (key)
            WHERE was IS NULL OR written IS NULL OR was - derived <> written - derived
        )
        INSERT INTO audit_change
            (table_name, row_key, before, after, city_id, county_id, school_id)
        SELECT TG_TABLE_NAME, key, trail_values(before, hidden),
            trail_values(
                CASE
                    WHEN appeared IS NOT NULL THEN appeared
                    WHEN written IS NOT NULL THEN
                        (SELECT jsonb_object_agg(name, written -> name)
                            FROM jsonb_object_keys(before) AS name)
                END,
                hidden
            ),
            place[1], place[2], place[3]
        FROM changed;
"""


def upgrade() -> None:
    put_in_place(WITHOUT_KEYS, WITH_KEYS)


def downgrade() -> None:
    put_in_place(WITH_KEYS, WITHOUT_KEYS)


def put_in_place(before: str, after: str) -> None:
    """Let the function that records changes say the one in the place of the other."""
    database = op.get_bind()
    query = "SELECT pg_get_functiondef('record_changes()'::regprocedure)"
    function = database.exec_driver_sql(query).scalar_one()
    if function.count(before) != 1:
        raise LookupError("record_changes() does not say what it should")
    database.exec_driver_sql(function.replace(before, after))
