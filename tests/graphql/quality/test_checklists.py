"""Checklists over GraphQL."""

from tests.make import City, Client

CREATE = """mutation ($unit: UUID!) {
    createChecklist(unitId: $unit, new: {
        name: "五个一", term: YEAR, validFrom: "2026-09-01",
        items: [{wording: "写一篇反思", measure: REFLECTIONS}, {wording: "读一本教育专著"}]
    }) { id name items { number wording measure amount } school { name } }
}"""
TICK = """mutation ($teacher: UUID!, $list: UUID!) {
    tickChecklistItem(teacherId: $teacher, new: {
        checklistId: $list, number: 2, doneOn: "2026-10-08"
    }) { id doneOn teacher { name } }
}"""
PROGRESS = """query ($list: UUID!, $teacher: UUID!) {
    checklistProgress(checklistId: $list, startsOn: "2026-09-01", endsOn: "2027-08-31") {
        teacherId number done
    }
    teacherChecklistProgress(
        teacherId: $teacher, startsOn: "2026-09-01", endsOn: "2027-08-31"
    ) { wording reached }
    checklist(checklistId: $list) { name }
    checklists(inForce: true) { nodes { id } }
    checklistTicks(stands: true) { nodes { number } }
}"""
WITHDRAW = """mutation ($id: UUID!) {
    withdrawChecklistTick(tickId: $id, withdrawal: {reason: "记错"}) { withdrawnBecause }
}"""
END = """mutation ($id: UUID!) { endChecklist(checklistId: $id, end: {on: "2099-09-01"}) { validTo } }"""


async def test_a_checklist_is_asked_ticked_and_ended(client: Client, city: City) -> None:
    by, teacher = city.school_admin, str(city.teacher["id"])
    done = await client.graphql(by, CREATE, {"unit": str(city.school["id"])})
    made = done["data"]["createChecklist"]
    assert made["items"][1] == {
        "number": 2, "wording": "读一本教育专著", "measure": None, "amount": "1",
    }  # fmt: skip
    own = await client.graphql(city.teacher_account, "{ schoolChecklists { nodes { id } } }")
    assert own["data"]["schoolChecklists"]["nodes"] == [{"id": made["id"]}]
    both = {"teacher": teacher, "list": made["id"]}
    ticked = (await client.graphql(by, TICK, both))["data"]["tickChecklistItem"]
    assert ticked["teacher"] == {"name": city.teacher["name"]}
    shown = (await client.graphql(by, PROGRESS, both))["data"]
    assert {"teacherId": teacher, "number": 2, "done": True} in shown["checklistProgress"]
    assert [row["reached"] for row in shown["teacherChecklistProgress"]] == ["0", "1"]
    assert shown["checklist"] == {"name": "五个一"}
    assert shown["checklistTicks"]["nodes"] == [{"number": 2}]
    gone = await client.graphql(by, WITHDRAW, {"id": ticked["id"]})
    assert gone["data"]["withdrawChecklistTick"] == {"withdrawnBecause": "记错"}
    ended = await client.graphql(by, END, {"id": made["id"]})
    assert ended["data"]["endChecklist"] == {"validTo": "2099-09-01"}
