"""Results of a teacher's school year over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_incentives import make_assessment, make_given


async def test_a_school_and_a_teacher_read_a_year(
    client: Client, db: Connection, city: City
) -> None:
    await make_assessment(db, city.school_admin, city.teacher)
    await make_given(db, city)
    whole = await client.get(
        city.school_admin, f"/units/{city.school['id']}/year-results?school_year=2026"
    )
    rows = {each["teacher_id"]: each for each in whole.json()}
    assert len(rows) == 2
    path = f"/teachers/{city.teacher['id']}/year-result?school_year=2026"
    own = (await client.get(city.teacher_account, path)).json()
    assert own == rows[str(city.teacher["id"])]
    assert [each["term"] for each in own["assessments"]] == ["semester"]
    assert [each["title"] for each in own["incentives"]] == ["2026年度校本研修先进个人"]
    assert (await client.get(city.colleague_account, path)).status_code == 404
    bad = await client.get(city.school_admin, path.replace("2026", "1900"))
    assert (bad.status_code, bad.json()["code"]) == (422, "school_year_unfit")
