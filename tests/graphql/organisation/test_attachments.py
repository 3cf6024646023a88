from tests.make import City, Client

ATTACH = (
    "mutation ($id: UUID!, $new: NewAttachment!) { attachUnit(unitId: $id, new: $new)"
    " { id kind unit { name } head { name } } }"
)
END = (
    "mutation ($id: UUID!, $end: AttachmentEnd!)"
    " { endAttachment(attachmentId: $id, end: $end) { validTo } }"
)


async def test_a_campus_is_attached_and_set_free(client: Client, city: City) -> None:
    new = {"headId": str(city.school["id"]), "kind": "CAMPUS", "validFrom": "2024-09-01"}
    made = await client.graphql(
        city.county_admin, ATTACH, {"id": str(city.sibling["id"]), "new": new}
    )
    attachment = made["data"]["attachUnit"]
    assert (attachment["unit"], attachment["head"]) == (
        {"name": "甲县第二小学"}, {"name": "甲县第一小学"},
    )  # fmt: skip
    ended = await client.graphql(
        city.county_admin, END, {"id": attachment["id"], "end": {"on": "2025-09-01"}}
    )
    assert ended["data"]["endAttachment"] == {"validTo": "2025-09-01"}
    shown = await client.graphql(
        city.county_admin,
        'query ($id: UUID!) { attachments(asOf: "2025-08-31") { nodes { kind } }'
        " unit(id: $id) { attachments { validTo } } }",
        {"id": str(city.sibling["id"])},
    )  # fmt: skip
    assert shown["data"] == {
        "attachments": {"nodes": [{"kind": "CAMPUS"}]},
        "unit": {"attachments": [{"validTo": "2025-09-01"}]},
    }
