"""Migrations: how the database comes to be what the tables describe.

Every database is built by them, the tests' too. They run as the owner and grant to the application's
role explicitly, table by table: what is not granted, the application cannot do.
"""

import importlib
import pkgutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

from alembic import command, op
from alembic.config import Config
from sqlalchemy import MetaData
from sqlmodel import SQLModel

import app.domain

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


def application_role() -> str:
    """The application's role, quoted, inside a migration."""
    role: str = op.get_context().config.attributes["application_role"]  # type: ignore[union-attr]
    return '"' + role.replace('"', '""') + '"'


def grant(privileges: str, *tables: str) -> None:
    """Grant the application's role what it may do with these tables, inside a migration."""
    op.execute(f"GRANT {privileges} ON {', '.join(tables)} TO {application_role()}")


def version_changes(*tables: str) -> None:
    """Raise the change version of a row whenever it is updated, inside a migration."""
    for table in tables:
        op.execute(
            f"CREATE TRIGGER change_version BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION raise_change_version()"
        )
