"""A load is complete or leaves nothing behind."""

import pytest

from app.demo.loading import load_demo
from tests.demo.conftest import SMALL, Database


async def test_a_load_that_is_broken_off_leaves_nothing(database: Database) -> None:
    class BrokenOff(Exception):
        pass

    def break_off(done: float) -> None:
        if done > 0.5:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        await load_demo(database.settings, SMALL, cipher=database.cipher, advance=break_off)
    for table in ("unit", "account", "teacher", "attendance", "credit_entry", "standing"):
        assert await database.count(table) == 0
    assert not (database.settings.data_folder / "accounts.json").exists()
