"""The migrations build exactly what the tables describe, and can be undone and done again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.database.embedded import EmbeddedServer
from app.database.migrations import configuration


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[Config]:
    server = EmbeddedServer(tmp_path)
    try:
        urls = server.start()
        yield configuration(urls.owner, urls.application)
    finally:
        server.erase()


def test_migrations_lead_up_and_down_and_up_to_what_the_tables_describe(
    empty_database: Config,
) -> None:
    command.upgrade(empty_database, "head")
    command.check(empty_database)
    command.downgrade(empty_database, "base")
    command.upgrade(empty_database, "head")
    command.check(empty_database)


def test_the_history_is_one_line(empty_database: Config) -> None:
    assert len(ScriptDirectory.from_config(empty_database).get_heads()) == 1
