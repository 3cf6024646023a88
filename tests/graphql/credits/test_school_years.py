from app.sql import Connection
from tests.domain.credits.making import make_pack
from tests.make import City, Client

CLOSE = """
mutation ($new: NewSchoolYearClosing!) { closeSchoolYear(new: $new) { id schoolYear endsOn } }
"""
ASK = """
query ($id: UUID!) {
  schoolYearClosing(id: $id) { reason }
  schoolYearClosings { nodes { id } }
  ownSchoolYearClosings { nodes { id } }
  lateWindows { nodes { unitId } }
}
"""
OPEN = "mutation ($new: NewLateWindow!) { openLateWindow(new: $new) { unitId } }"


async def test_a_closed_year(client: Client, db: Connection, city: City) -> None:
    await make_pack(db, city.city)
    new = {"unitId": str(city.county["id"]), "schoolYear": 2020, "reason": "学年结束"}
    closed = await client.graphql(city.county_admin, CLOSE, {"new": new})
    closing = closed["data"]["closeSchoolYear"]
    assert (closing["schoolYear"], closing["endsOn"]) == (2020, "2021-08-31")
    window = {
        "unitId": str(city.school["id"]), "schoolYear": 2020, "reason": "灾情延误",
        "opensOn": "2026-11-01", "closesOn": "2098-11-01",
    }  # fmt: skip
    opened = await client.graphql(city.city_admin, OPEN, {"new": window})
    assert opened["data"]["openLateWindow"] == {"unitId": str(city.school["id"])}
    found = await client.graphql(city.county_admin, ASK, {"id": closing["id"]})
    ids = [{"id": closing["id"]}]
    assert found["data"] == {
        "schoolYearClosing": {"reason": "学年结束"},
        "schoolYearClosings": {"nodes": ids},
        "ownSchoolYearClosings": {"nodes": ids},
        "lateWindows": {"nodes": [{"unitId": str(city.school["id"])}]},
    }
