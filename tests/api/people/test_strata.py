from app.domain.people.facts.merits import HONOUR
from app.sql import Connection
from tests.conftest import SharedPool
from tests.make import City, Client, make_fact


async def test_a_unit_is_broken_down_and_a_list_narrowed(
    client: Client, db: Connection, city: City, pool: SharedPool
) -> None:
    await make_fact(
        db, city.teacher, HONOUR, honour="chief_teacher", level="county", issuer="县", title=""
    )
    path = f"/units/{city.county['id']}/strata"
    before = pool.statements
    lines = (await client.get(city.county_admin, path)).json()
    assert pool.statements - before == 2
    counts = {line["stratum"]: line["teachers"] for line in lines}
    assert (counts["mature_teacher"], counts["leading_teacher"]) == (3, 1)
    assert (counts["junior_or_middle_rank"], counts["young_teacher"]) == (3, 0)
    [then] = [
        line["teachers"]
        for line in (await client.get(city.county_admin, f"{path}?as_of=2022-01-01")).json()
        if line["stratum"] == "young_teacher"
    ]
    assert then == 3
    found = await client.get(city.county_admin, "/teachers?stratum=leading_teacher")
    assert [item["name"] for item in found.json()["items"]] == ["测试甲"]
    own = await client.get(city.teacher_account, f"/teachers/{city.teacher['id']}/strata")
    assert {line["stratum"] for line in own.json()} == {
        "mature_teacher", "junior_or_middle_rank", "leading_teacher", "degree_study",
    }  # fmt: skip
    foreign = await client.get(city.other_county_admin, path)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "unit_not_found")
