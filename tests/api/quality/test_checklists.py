"""Checklists over REST."""

from tests.make import City, Client

NEW = {
    "name": "五个一", "term": "semester", "valid_from": "2026-09-01", "source": "校本研修管理制度第三条",
    "items": [{"wording": "听课十节", "measure": "observations", "amount": "10"},
              {"wording": "读一本教育专著"}],
}  # fmt: skip
DAYS = "?starts_on=2026-09-01&ends_on=2027-01-31"


async def test_a_checklist_is_asked_ticked_and_ended(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/checklists"
    made = (await client.post(city.school_admin, path, NEW)).json()
    assert made["items"][0] == {
        "number": 1, "wording": "听课十节", "measure": "observations", "amount": "10",
    }  # fmt: skip
    for person, address in (
        (city.teacher_account, "/school-checklists"),
        (city.county_admin, f"/checklists?in_force=true&school_id={city.school['id']}"),
    ):
        assert (await client.get(person, address)).json()["items"] == [made]
    one = f"/checklists/{made['id']}"
    assert (await client.get(city.teacher_account, one)).json() == made
    ticks = f"/teachers/{city.teacher['id']}/checklist-ticks"
    tick = {"checklist_id": made["id"], "number": 2, "done_on": "2026-10-08", "remark": "已读完"}
    ticked = await client.post(city.school_admin, ticks, tick)
    assert (ticked.status_code, ticked.json()["withdrawn_at"]) == (201, None)
    again = await client.post(city.school_admin, ticks, tick)
    assert (again.status_code, again.json()["code"]) == (409, "checklist_item_ticked")
    own = f"/teachers/{city.teacher['id']}/checklist-progress{DAYS}&term=semester"
    found = (await client.get(city.teacher_account, own)).json()
    assert [(row["number"], row["needed"], row["reached"], row["done"]) for row in found] == [
        (1, "10", "0", False), (2, "1", "1", True),
    ]  # fmt: skip
    whole = await client.get(city.school_admin, f"{one}/progress{DAYS}")
    assert len(whole.json()) == 4
    assert (await client.get(city.sibling_admin, one)).status_code == 404
    gone = f"/checklist-ticks/{ticked.json()['id']}/withdraw"
    assert (await client.post(city.school_admin, gone, {"reason": "记错"})).status_code == 200
    stood = await client.get(city.teacher_account, "/checklist-ticks?stands=true")
    assert stood.json()["items"] == []
    ended = await client.post(city.school_admin, f"{one}/end", {"on": "2099-09-01"})
    assert ended.json()["valid_to"] == "2099-09-01"


async def test_what_is_wrong_is_named(client: Client, city: City) -> None:
    path = f"/units/{city.school['id']}/checklists"
    twice = NEW | {"items": [{"wording": "听课"}, {"wording": "听课"}]}
    for wrong in (
        twice,
        NEW | {"items": []},
        NEW | {"items": [{"wording": "听课", "amount": "0"}]},
    ):
        answer = await client.post(city.school_admin, path, wrong)
        assert answer.status_code == 422, wrong
    assert (await client.get(city.school_admin, "/checklists")).json()["items"] == []
