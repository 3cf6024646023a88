from app.domain.exchange.tasks import TaskKind
from app.sql import Connection
from tests.make import City, Client
from tests.make_tasks import MAKERS

LIST = """{
  tasks(kind: CORRECTION_TO_DECIDE, overdue: false) {
    totalCount nodes { kind subjectId title dueOn escalated }
  }
  taskCounts { kind tasks overdue }
}"""


async def test_one_reads_the_own_list(client: Client, db: Connection, city: City) -> None:
    made = await MAKERS[TaskKind.CORRECTION_TO_DECIDE](db, city)
    await MAKERS[TaskKind.PROBLEM_TO_TRIAGE](db, city)
    answer = await client.graphql(city.school_admin, LIST)
    assert "errors" not in answer, answer
    kind, key = "CORRECTION_TO_DECIDE", str(made.subject_id)
    task = {
        "kind": kind, "subjectId": key, "title": "测试甲", "dueOn": None, "escalated": False,
    }  # fmt: skip
    assert answer["data"]["tasks"] == {"totalCount": 1, "nodes": [task]}
    assert answer["data"]["taskCounts"] == [
        {"kind": kind, "tasks": 1, "overdue": 0},
        {"kind": "PROBLEM_TO_TRIAGE", "tasks": 1, "overdue": 0},
    ]
    empty = await client.graphql(city.auditor, LIST)
    assert empty["data"] == {"tasks": {"totalCount": 0, "nodes": []}, "taskCounts": []}
