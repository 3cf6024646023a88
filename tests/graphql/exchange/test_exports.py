from app.sql import new_id
from tests.make import City, Client

CREATE = """
mutation ($new: NewExport!) {
  createExport(new: $new) { id list format state done parameters { name value } columns }
}
"""


async def test_an_export_is_asked_for_followed_and_cancelled(client: Client, city: City) -> None:
    new = {
        "list": "list_teachers", "format": "XLSX", "columns": ["name"],
        "parameters": [{"name": "school_id", "value": str(city.school["id"])}],
    }  # fmt: skip
    answer = await client.graphql(city.school_admin, CREATE, {"new": new})
    made = answer["data"]["createExport"]
    assert made | {"id": ""} == new | {"id": "", "state": "WAITING", "done": 0}
    one = await client.graphql(
        city.school_admin, "query ($id: UUID!) { export(id: $id) { state } }", {"id": made["id"]}
    )
    assert one["data"]["export"] == {"state": "WAITING"}
    listed = await client.graphql(city.school_admin, "{ exports { id } }")
    assert listed["data"]["exports"] == [{"id": made["id"]}]
    link = "mutation ($id: UUID!) { createExportLink(exportId: $id) { url } }"
    early = await client.graphql(city.school_admin, link, {"id": made["id"]})
    assert early["errors"][0]["extensions"]["code"] == "export_not_ready"
    cancel = "mutation ($id: UUID!) { cancelExport(exportId: $id) { state } }"
    over = await client.graphql(city.school_admin, cancel, {"id": made["id"]})
    assert over["data"]["cancelExport"] == {"state": "CANCELLED"}


async def test_what_cannot_be_exported_is_refused(client: Client, city: City) -> None:
    for new, code in (
        ({"list": "list_nothing"}, "export_list_unknown"),
        ({"list": "list_accounts"}, "not_allowed"),
        ({"list": "list_entries"}, "export_parameter_wrong"),
        ({"list": "list_teachers", "columns": ["x"]}, "export_column_unknown"),
    ):
        answer = await client.graphql(city.teacher_account, CREATE, {"new": new})
        assert answer["errors"][0]["extensions"]["code"] == code
    answer = await client.graphql(
        city.teacher_account, "query ($id: UUID!) { export(id: $id) { id } }", {"id": str(new_id())}
    )
    assert answer["errors"][0]["extensions"]["code"] == "export_not_found"


async def test_the_lists_are_known(client: Client, city: City) -> None:
    answer = await client.graphql(
        city.teacher_account, "{ exportableLists { list required columns { name title } } }"
    )
    lists = {each["list"]: each for each in answer["data"]["exportableLists"]}
    assert lists["list_entries"]["required"] == ["teacher_id"]
    assert {"name": "name", "title": "姓名"} in lists["list_teachers"]["columns"]
