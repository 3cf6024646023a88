"""Schemes of pay inputs over REST."""

from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_documents import make_regulation
from tests.make_incentives import TERMS


async def test_a_scheme_is_published_and_read(client: Client, db: Connection, city: City) -> None:
    basis = await make_regulation(db, city.school, city.school_admin, RegulationKind.INCENTIVES)
    path = f"/units/{city.school['id']}/pay-schemes"
    said = {
        "name": "优质优酬", "regulation_id": str(basis["id"]), "clause": "第六条", "terms": TERMS,
    }  # fmt: skip
    made = (await client.post(city.school_admin, path, said)).json()
    assert (made["version"], made["terms"][1]["rule"]) == (1, "每主讲一场3分，最高15分")
    one = f"/pay-schemes/{made['id']}"
    assert (await client.get(city.teacher_account, one)).json() == made
    for who, address in (
        (city.teacher_account, "/own-pay-schemes"),
        (city.county_admin, f"/pay-schemes?school_id={city.school['id']}&in_force=true"),
    ):
        assert (await client.get(who, address)).json()["items"] == [made]
    notes = [{"measure": "notes", "weight": "1", "cap": "5", "rule": "每篇一分"}]
    refused = await client.post(city.school_admin, path, said | {"terms": notes})
    assert (refused.status_code, refused.json()["code"]) == (422, "traces_counted")
    assert (await client.get(city.sibling_admin, one)).status_code == 404
