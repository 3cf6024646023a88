from app.domain.exchange.tasks import TaskKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_tasks import MAKERS


async def test_one_reads_the_own_list(client: Client, db: Connection, city: City) -> None:
    made = await MAKERS[TaskKind.CORRECTION_TO_DECIDE](db, city)
    await MAKERS[TaskKind.PROBLEM_TO_TRIAGE](db, city)
    answer = await client.get(city.school_admin, "/me/tasks?kind=correction_to_decide")
    (task,) = answer.json()["items"]
    assert (task["subject_id"], task["title"]) == (str(made.subject_id), "测试甲")
    assert (task["waits_at"], task["overdue"]) == (str(city.school["id"]), False)
    part = (await client.get(city.school_admin, "/me/tasks?limit=1&fields=kind")).json()
    rest = await client.get(city.school_admin, f"/me/tasks?limit=1&cursor={part['next']}")
    assert {part["items"][0]["kind"], rest.json()["items"][0]["kind"]} == {
        "correction_to_decide", "problem_to_triage",
    }  # fmt: skip
    assert rest.json()["next"] is None
    counts = (await client.get(city.school_admin, "/me/task-counts")).json()
    assert [(each["kind"], each["tasks"]) for each in counts] == [
        ("correction_to_decide", 1), ("problem_to_triage", 1),
    ]  # fmt: skip
    assert (await client.get(city.auditor, "/me/tasks")).json() == {"items": [], "next": None}


async def test_what_the_list_refuses(client: Client, city: City) -> None:
    for query, code in (("sort=title", "unknown_sort"), ("cursor=x", "bad_cursor")):
        refused = await client.get(city.school_admin, f"/me/tasks?{query}")
        assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await client.get(city.school_admin, "/me/tasks?kind=nothing")).status_code == 422
