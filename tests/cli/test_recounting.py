"""`yanxun recount`: what fell due is judged anew, and whoever cannot be counted is told of."""

import pytest

from app.cli.recounting import list_failures, recount
from app.database.embedded import Urls
from app.sql import Connection
from tests.cli.test_personal_data import on_database
from tests.cli.test_publishing import city
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City

__all__ = ["city"]


def test_who_cannot_be_counted_is_told_and_listed(
    urls: Urls, city: City, capsys: pytest.CaptureFixture[str]
) -> None:
    async def begin(db: Connection) -> None:
        await make_pack(db, city.city)
        people = [city.teacher, city.colleague, city.far_teacher]
        await make_recognised(db, city.city, city.city_admin, people)
        await db._driver.execute("UPDATE standing SET verdict_until = '2000-01-01'")
        broken = "UPDATE standing SET pack_version = 99 WHERE teacher_id = $1"
        await db._driver.execute(broken, city.colleague["id"])

    on_database(urls, begin)
    list_failures()
    assert "none" in capsys.readouterr().out
    recount()
    told = capsys.readouterr()
    assert "judged anew: 2" in told.out
    assert "could not be counted: 1" in told.err
    list_failures()
    listed = capsys.readouterr().out
    assert city.school["name"] in listed
    assert "LookupError" in listed

    async def mend(db: Connection) -> None:
        await db._driver.execute("UPDATE standing SET pack_version = 1")

    on_database(urls, mend)
    recount(everything=True)
    told = capsys.readouterr()
    assert "judged anew: 3" in told.out
    assert "could not be counted" not in told.err
