from app.sql import Connection, new_id
from tests.make import City, Client
from tests.make_organisation import make_department


async def test_a_department_from_its_beginning_to_its_end(client: Client, city: City) -> None:
    new = {
        "unit_id": str(city.county["id"]), "name": "教研室", "kind": "research_office",
        "duties": ["guide", "review"], "valid_from": "2020-09-01",
    }  # fmt: skip
    made = await client.post(city.county_admin, "/departments", new)
    assert made.status_code == 201, made.text
    department = made.json()
    assert department == new | {
        "id": department["id"],
        "city_id": str(city.city["id"]),
        "county_id": str(city.county["id"]),
        "school_id": None,
        "valid_to": None,
    }
    path = made.headers["Location"].removeprefix("/api/v1")
    read = await client.get(city.school_admin, path)
    assert (read.status_code, read.json()) == (200, department)
    changed = await client.request(
        city.county_admin, "PATCH", path, json={"duties": ["organise"]},
        headers={"If-Match": read.headers["ETag"]},
    )  # fmt: skip
    assert (changed.status_code, changed.json()["duties"]) == (200, ["organise"])
    stale = await client.request(
        city.county_admin, "PATCH", path, json={"name": "新名"},
        headers={"If-Match": read.headers["ETag"]},
    )  # fmt: skip
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")
    closed = await client.post(city.county_admin, f"{path}/close")
    assert closed.json()["valid_to"] is not None
    listed = await client.get(city.county_admin, "/departments")
    assert listed.json()["items"] == []
    then = await client.get(city.county_admin, "/departments?as_of=2020-09-01&duty=organise")
    assert [row["name"] for row in then.json()["items"]] == ["教研室"]
    again = await client.post(city.county_admin, f"{path}/close")
    assert (again.status_code, again.json()["code"]) == (409, "department_closed")


async def test_refusals(client: Client, db: Connection, city: City) -> None:
    row = await make_department(db, city.school)
    new = {"unit_id": str(city.school["id"]), "name": "教育股", "kind": "education_section"}
    for person, sent, status, code in (
        (city.school_admin, new, 422, "department_kind_unfit"),
        (city.school_admin, new | {"name": row["name"], "kind": "other"}, 409, "department_exists"),
        (city.school_admin, new | {"duties": ["rule"]}, 422, "invalid_request"),
        (city.school_admin, new | {"school_id": None}, 422, "invalid_request"),
        (city.auditor, new, 403, "not_allowed"),
        (city.sibling_admin, new, 404, "unit_not_found"),
    ):
        answer = await client.post(person, "/departments", sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    empty = await client.request(
        city.school_admin, "PATCH", f"/departments/{row['id']}", json={"name": None}
    )
    assert empty.status_code == 422
    missing = await client.get(city.school_admin, f"/departments/{new_id()}")
    assert (missing.status_code, missing.json()["code"]) == (404, "department_not_found")
    listed = await client.get(city.school_admin, "/departments")
    assert [each["name"] for each in listed.json()["items"]] == [row["name"]]
