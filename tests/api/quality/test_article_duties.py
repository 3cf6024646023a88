"""Article duties over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_document
from tests.make_evaluations import make_published


async def test_a_duty_and_how_units_stand_with_it(
    client: Client, db: Connection, city: City
) -> None:
    document = await make_document(db, city.county, city.county_admin, articles=1)
    path, article = f"/official-documents/{document['id']}", document["articles"][0]
    new = {
        "bearer": "school", "task": "每学年制定计划", "rhythm": "yearly", "due_month": 9,
        "due_day": 30, "shown_by": "plan_in_force",
    }  # fmt: skip
    made = await client.post(city.county_admin, f"/document-articles/{article}/duties", new)
    assert made.status_code == 201
    duty = f"/article-duties/{made.json()['id']}"
    assert (await client.get(city.teacher_account, f"{path}/duties")).json() == [made.json()]
    year = "school_year=2020"
    (row,) = (await client.get(city.county_admin, f"{path}/coverage?{year}")).json()
    assert (row["units"], row["fulfilled"], row["overdue"]) == (2, 0, 2)
    assert row["due_on"] == "2020-09-30"
    late = (
        await client.get(city.county_admin, f"{duty}/fulfilments?{year}&fulfilled=false")
    ).json()
    assert {each["unit_id"] for each in late} == {
        str(city.school["id"]), str(city.sibling["id"])
    }  # fmt: skip
    school = city.school["id"]
    own = await client.get(city.school_admin, f"{path}/units/{school}/fulfilments?{year}")
    assert [each["fulfilled"] for each in own.json()] == [False]
    rows = await client.get(city.school_admin, f"{duty}/units/{school}/rows?{year}")
    assert (rows.status_code, rows.json()) == (200, [])
    refused = await client.get(city.school_admin, f"{path}/coverage?school_year=99999")
    assert (refused.status_code, refused.json()["code"]) == (422, "coverage_year_unfit")
    wrong = await client.get(city.county_admin, f"{duty}/units/{city.county['id']}/rows?{year}")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "duty_not_of_unit")
    gone = await client.request(city.county_admin, "DELETE", duty)
    assert gone.json() == made.json()


async def test_an_evaluation_shows_what_its_county_was_asked_to_do(
    client: Client, db: Connection, city: City
) -> None:
    await make_published(db, city)
    document = await make_document(db, city.city, city.city_admin, articles=1)
    path = f"/document-articles/{document['articles'][0]}/duties"
    new = {
        "bearer": "county", "task": "评估结果纳入学校年度考核", "rhythm": "yearly",
        "shown_by": "schools_evaluated",
    }  # fmt: skip
    unfit = await client.post(city.city_admin, path, new | {"bearer": "school"})
    assert (unfit.status_code, unfit.json()["code"]) == (422, "duty_not_shown")
    duty = (await client.post(city.city_admin, path, new)).json()
    address = f"/article-duties/{duty['id']}"
    own = (await client.get(city.county_admin, f"{address}/fulfilments?school_year=2026")).json()
    [row] = [each for each in own if each["unit_id"] == str(city.county["id"])]
    assert (row["figure"], row["needed"], row["fulfilled"]) == (1, 2, False)
    rows = await client.get(
        city.county_admin, f"{address}/units/{city.county['id']}/rows?school_year=2026"
    )
    assert [each["noun"] for each in rows.json()] == ["unit_evaluation"]
