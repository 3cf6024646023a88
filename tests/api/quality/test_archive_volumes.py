"""Archives over REST."""

from app.sql import Connection
from tests.make import City, Client
from tests.make_archives import make_material


async def test_a_volume_is_opened_put_together_checked_and_sealed(
    client: Client, db: Connection, city: City
) -> None:
    keeper, checker = city.school_admin, city.county_admin
    await make_material(db, keeper, city.school, city.teacher)
    path = f"/units/{city.school['id']}/archive-volumes"
    opened = await client.post(keeper, path, {"school_year": 2026})
    assert (opened.status_code, opened.json()["state"]) == (201, "opened")
    one = f"/archive-volumes/{opened.json()['id']}"
    assert (await client.post(keeper, f"{one}/assemble")).json()["pieces"] == 2
    itself = {"passed": True, "opinion": "齐全"}
    own = await client.post(keeper, f"{one}/check", itself)
    assert (own.status_code, own.json()["code"]) == (409, "archive_checked_by_assembler")
    assert (await client.post(checker, f"{one}/check", itself)).json()["state"] == "checked"
    sealed = (await client.post(checker, f"{one}/seal")).json()
    assert (sealed["state"], sealed["retained_until"]) == ("sealed", "2038-01-01")
    again = await client.post(checker, f"{one}/seal")
    assert (again.status_code, again.json()["code"]) == (409, "archive_volume_wrong_state")
    index = (await client.get(keeper, f"{one}/pieces?kind=evidence")).json()["items"]
    assert [row["title"] for row in index] == ["活动总结"]
    assert "content" not in index[0]
    found = await client.get(checker, "/archive-volumes?kind=school&school_year=2026&expired=false")
    assert [row["id"] for row in found.json()["items"]] == [sealed["id"]]
    assert (await client.get(keeper, one)).json() == sealed
    held = await client.post(checker, f"{one}/hold", {"reason": "审计"})
    assert held.json()["hold_reason"] == "审计"
    assert (await client.get(city.sibling_admin, one)).status_code == 404
    assert (await client.get(city.teacher_account, one)).status_code in {403, 404}


async def test_a_growth_file_is_its_persons_to_read(
    client: Client, db: Connection, city: City
) -> None:
    await make_material(db, city.school_admin, city.school, city.teacher)
    path = f"/teachers/{city.teacher['id']}/archive-volumes"
    opened = await client.post(city.school_admin, path, {"school_year": 2026})
    one = f"/archive-volumes/{opened.json()['id']}"
    await client.post(city.school_admin, f"{one}/assemble")
    own = await client.get(city.teacher_account, f"{one}/pieces")
    assert [row["kind"] for row in own.json()["items"]] == ["participation", "year_result", "note"]
    refused = await client.post(city.teacher_account, path, {"school_year": 2026})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    kinds = (await client.get(city.teacher_account, "/archive-kinds")).json()
    assert {"archive": "growth", "kind": "certificate"}.items() <= kinds[11].items()
    assert kinds[11]["retention_years"] is None
