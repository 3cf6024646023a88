"""Migrations: how the database comes to be what the tables describe.

Every database is built by them, the tests' too. They run as the owner and grant to the application's
role explicitly, table by table: what is not granted, the application cannot do.
"""

import importlib
import pkgutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlmodel import SQLModel

import app.domain
from app.wall import READER

FOLDER = Path(app.domain.__file__).parents[2] / "alembic"


def all_tables() -> MetaData:
    """Every table that the domain describes, after importing all of it."""
    for module in pkgutil.walk_packages(app.domain.__path__, "app.domain."):
        importlib.import_module(module.name)
    return SQLModel.metadata


def configuration(owner_url: str, application_url: str) -> Config:
    """Alembic's configuration for one database."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["owner_url"] = owner_url
    config.attributes["application_role"] = unquote(urlsplit(application_url).username or "")
    return config


def migrate(owner_url: str, application_url: str, revision: str = "head") -> None:
    """Bring the database to a revision; nothing happens where it is there already."""
    command.upgrade(configuration(owner_url, application_url), revision)


def newest() -> str:
    """The newest revision that these programs know."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def application_role() -> str:
    """The application's role, quoted, inside a migration."""
    role: str = op.get_context().config.attributes["application_role"]  # type: ignore[union-attr]
    return '"' + role.replace('"', '""') + '"'


def grant(privileges: str, *tables: str) -> None:
    """Grant the application's role what it may do with these tables, inside a migration."""
    op.execute(f"GRANT {privileges} ON {', '.join(tables)} TO {application_role()}")


def keep_from_readers(table: str, *columns: str) -> None:
    """Let whoever only reads see of a table all but these columns, inside a migration.

    Call it again, with the same, whenever such a table gets a column.
    """
    held = op.get_bind().exec_driver_sql(_COLUMNS.format(table=table)).scalars()
    shown = ", ".join(f'"{name}"' for name in held if name not in columns)
    op.execute(f"REVOKE SELECT ON {table} FROM {READER}")  # noqa: S608  a migration names it
    op.execute(f"GRANT SELECT ({shown}) ON {table} TO {READER}")


_COLUMNS = """
SELECT attname::text FROM pg_attribute
WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped
"""


def version_changes(*tables: str) -> None:
    """Raise the change version of a row whenever it is updated, inside a migration."""
    for table in tables:
        op.execute(
            f"CREATE TRIGGER change_version BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION raise_change_version()"
        )


_KEY = """
SELECT a.attname::text FROM pg_index i, unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
    JOIN pg_attribute a USING (attnum)
WHERE a.attrelid = i.indrelid AND i.indrelid = '{table}'::regclass AND i.indisprimary
ORDER BY place
"""
_SEALED = """
SELECT attname::text FROM pg_attribute
WHERE attrelid = '{table}'::regclass AND atttypid = 'bytea'::regtype AND NOT attisdropped
ORDER BY 1
"""
_DERIVED = """
SELECT a.attname::text FROM pg_attribute a
WHERE a.attrelid = '{table}'::regclass AND (
    a.attgenerated <> '' OR a.attname IN ('change_transaction', 'change_sequence') OR EXISTS (
        SELECT FROM pg_constraint f, unnest(f.conkey, f.confkey) AS pair (own, theirs)
            JOIN pg_attribute b ON b.attnum = theirs
        WHERE f.conrelid = a.attrelid AND f.confupdtype = 'c' AND own = a.attnum
            AND b.attrelid = f.confrelid AND b.attname <> 'id'
    )
)
ORDER BY 1
"""
_OWNER = """
SELECT f.confrelid::regclass::text, a.attname::text FROM pg_constraint f
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
WHERE f.conrelid = '{table}'::regclass AND f.contype = 'f' AND cardinality(f.conkey) = 1
    AND EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = f.confrelid AND attname = 'county_id'
    )
    AND NOT EXISTS (
        SELECT FROM pg_attribute WHERE attrelid = f.conrelid AND attname = 'county_id'
    )
ORDER BY a.attnum LIMIT 1
"""
_AUDIT = """
CREATE OR REPLACE TRIGGER audit_{event} AFTER {event} ON {table} REFERENCING {rows}
    FOR EACH STATEMENT EXECUTE FUNCTION record_changes(
        '{{{keys}}}', '{{{hidden}}}', '{{{derived}}}', '{owner}', '{owner_key}'
    )
"""
_ROWS = {
    "insert": "NEW TABLE AS added",
    "update": "OLD TABLE AS removed NEW TABLE AS added",
    "delete": "OLD TABLE AS removed",
}


def audited(
    table: str,
    *,
    hidden: Sequence[str] = (),
    insertions: bool = True,
    owner: tuple[str, str] | None = None,
) -> None:
    """Record each change of a table's rows in the audit trail, inside a migration.

    Of `hidden` columns, and of whatever holds bytes (what is sealed, hashes, secrets), it is recorded
    that they changed and never what they hold. What follows from elsewhere (generated, or moved along
    by a foreign key) is not recorded when it changes. A row without a place of its own has that of its
    `owner`, tables and the columns that refer to them: `("exercise/activity", "exercise_id/activity_id")`
    goes on from one to the next, `("activity|course", "activity_id|course_id")` is the first that the
    row has. Without one it is the first placed row that it refers to, whatever that is to it. Without
    `insertions`, new rows are not recorded: for what is many and says itself who made it, and when.
    Call it again, with the same, whenever the table gets a column.
    """
    database = op.get_bind()

    def names(query: str) -> list[str]:
        return list(database.exec_driver_sql(query.format(table=table)).scalars())

    found = database.exec_driver_sql(_OWNER.format(table=table)).first()
    tables, columns = owner or found or ("", "")
    for event, rows in _ROWS.items():
        if event == "insert" and not insertions:
            continue
        op.execute(
            _AUDIT.format(
                event=event,
                table=table,
                rows=rows,
                keys=",".join(names(_KEY)),
                hidden=",".join([*names(_SEALED), *hidden]),
                derived=",".join(names(_DERIVED)),
                owner=tables,
                owner_key=columns,
            )
        )


_MOVING = "move_to_survivor(text[], uuid, uuid)"


def moved_with_person(*columns: str) -> None:
    """Let rows go along when two records of one person become one, inside a migration.

    A column is named `table.column`; `MOVED` of `app.domain.credits.person_mergers.lots` is the same list.
    """
    # The list has a mark of its own: other arrays stand in the function beside it.
    change_moving("<@ ARRAY[", "<@ ARRAY[" + "".join(f"'{column}', " for column in columns))


def not_moved_with_person(*columns: str) -> None:
    """Take back `moved_with_person`."""
    for column in columns:
        change_moving(f"'{column}', ", "")


def change_moving(before: str, after: str) -> None:
    """Say something else in what lets rows go along with a merged record, inside a migration."""
    op.execute(
        f"""DO $do$ BEGIN
        EXECUTE replace(
            pg_get_functiondef('{_MOVING}'::regprocedure), $a${before}$a$, $b${after}$b$
        );
        END $do$"""
    )
