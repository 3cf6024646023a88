from app.sql import Connection
from tests.domain.credits.making import make_pack, make_recognised
from tests.make import City, Client


async def test_a_teacher_reads_the_own_standing(client: Client, db: Connection, city: City) -> None:
    pack = await make_pack(db, city.city)
    for hours in ("100.00", "30.00"):
        await make_recognised(db, city.school, city.county_admin, [city.teacher], hours=hours)
    path = f"/teachers/{city.teacher['id']}/standing"
    answer = await client.get(city.teacher_account, f"{path}?as_of=2026-11-20")
    assert answer.status_code == 200, answer.text
    standing = answer.json()
    told = ("unit", "earned_credits", "counted_credits", "cycle_start", "verdict", "pack_id")
    assert [standing[name] for name in told] == [
        "credits", "130.00", "120.00", "2026-01-01", "open", "yueyang-demo-2026",
    ]  # fmt: skip
    assert standing["entries"][1]["cuts"] == [
        {"cap_id": "school-based-five-years", "amount": "10.00"}
    ]
    assert standing["requirements"][0]["reasons"][0]["values"] == []
    named = await client.get(city.teacher_account, f"{path}?pack={pack['id']}&as_of=2026-01-31")
    assert named.json()["counted_credits"] == "0.00"


async def test_a_colleague_sees_none(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    path = f"/teachers/{city.teacher['id']}/standing"
    answer = await client.get(city.colleague_account, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "teacher_not_found")
    early = await client.get(city.teacher_account, f"{path}?as_of=1999-01-01")
    assert (early.status_code, early.json()["code"]) == (404, "no_rule_pack_in_force")
