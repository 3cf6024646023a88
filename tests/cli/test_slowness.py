"""`yanxun slow`: what the database counted of its statements, without a value of theirs."""

import json
from collections.abc import Iterator

import asyncpg
import pytest

from app.cli import slowness
from app.database.embedded import SUPERUSER, EmbeddedServer
from app.database.roles import DatabaseUnreachable
from app.database.slowness import ORDERS, StatisticsMissing, slow_statements
from app.settings import Settings
from tests.database.test_embedded import PROGRAMS, ask

NAME = "张测试"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    made = EmbeddedServer(tmp_path_factory.mktemp("counted"), binaries=PROGRAMS)
    made.start()
    yield made
    made.erase()


def run_statements(server: EmbeddedServer) -> None:
    for _ in range(3):
        ask(server.urls.application, f"SELECT '{NAME}' || 'quick'", "SELECT 1")
    ask(server.urls.application, f"SELECT '{NAME}', pg_sleep(0.05)", "SELECT 1")
    ask(server.urls.application, f"SET application_name = '{NAME}'", "SELECT 1")


@pytest.mark.parametrize("order", ORDERS)
def test_the_slowest_is_first_and_no_value_is_told(
    server: EmbeddedServer,
    order: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_statements(server)
    settings = Settings(database_url=server.urls.application)
    monkeypatch.setattr(slowness, "get_settings", lambda: settings)

    slowness.show_slow_statements(order, 50, as_json=True)
    printed = capsys.readouterr().out
    found = json.loads(printed)
    slowness.show_slow_statements(order, 50, as_json=False)
    table = capsys.readouterr().out

    assert NAME not in printed + table
    sleeping, quick = (
        next(each for each in found if word in each["text"]) for word in ("pg_sleep", "||")
    )
    assert sleeping["mean"] >= 50
    assert quick["calls"] >= 3
    assert sum(each["share"] for each in found) == pytest.approx(1, abs=0.01)
    figures = [each["total" if order == "total" else order] for each in found]
    assert figures == sorted(figures, reverse=True)
    if order != "calls":
        assert found[0] == sleeping


@pytest.mark.parametrize(
    "url", ["postgresql://a:secret@/b?host=/nowhere", "postgresql://a:[secret@/b"]
)
def test_an_address_where_nothing_answers_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slowness, "get_settings", lambda: Settings(database_url=url))
    with pytest.raises(DatabaseUnreachable) as refused:
        slowness.show_slow_statements("total", 5, as_json=True)
    assert "secret" not in refused.value.message("en")


async def test_a_server_that_does_not_count_is_told_how_to(server: EmbeddedServer) -> None:
    application = await asyncpg.connect(server.url(SUPERUSER, "postgres"))
    try:
        with pytest.raises(StatisticsMissing):
            await slow_statements(application, order="total", most=5)
    finally:
        await application.close()


async def test_one_application_is_not_shown_the_statements_of_others(
    server: EmbeddedServer,
) -> None:
    owner = await asyncpg.connect(server.urls.owner)
    application = await asyncpg.connect(server.urls.application)
    try:
        await owner.fetch("SELECT 11 + 11 AS of_the_owner")
        found = await slow_statements(application, order="calls", most=500)
    finally:
        await owner.close()
        await application.close()
    assert not [each for each in found if "of_the_owner" in each.text]
