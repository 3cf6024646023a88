from typing import Any

import pytest

from app.database.pool import Pool
from app.domain.exchange.changes import Position
from tests.domain.exchange.entered import enter, entry, reversal
from tests.make import City, Client


async def test_a_reader_goes_on_from_next(outside: Client, made: City, real_pool: Pool) -> None:
    items: list[dict[str, Any]] = []
    path = "/changes?limit=5"
    while True:
        answer = await outside.get(made.integration, path)
        assert answer.status_code == 200
        content = answer.json()
        assert set(content) == {"items", "next", "more", "filling", "through", "kinds"}
        items += content["items"]
        path = f"/changes?limit=5&after={content['next']}"
        if not content["more"]:
            break
    assert len(items) == 13
    assert items[0].keys() == {
        "kind", "id", "change", "gone", "became", "lies_in", "unit", "teacher", "group",
        "group_member", "activity", "attendance", "credit_entry", "session", "enrolment", "claim",
        "certificate", "pack", "staff", "course", "course_run", "course_class", "choice",
        "course_completion", "trainer", "mentorship", "mentor", "topic", "topic_member", "output",
        "resource", "official_document", "regulation", "campaign", "unit_evaluation",
        "indicator_sheet", "course_version", "resource_version",
    }  # fmt: skip
    assert (await outside.get(made.integration, path)).json()["items"] == []
    async with real_pool.transaction() as db:
        [row] = await enter(db, entry(made.teacher))
        await enter(db, reversal(row))
    told = (await outside.get(made.integration, path)).json()["items"]
    assert [each["credit_entry"]["credits"] for each in told] == ["2.00", "-2.00", "2.00"]


async def test_kinds_can_be_chosen(outside: Client, made: City) -> None:
    answer = await outside.get(made.integration, "/changes?kinds=unit&kinds=activity")
    assert {each["kind"] for each in answer.json()["items"]} == {"unit"}
    wrong = await outside.get(made.integration, "/changes?kinds=colour")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")


async def test_who_may_not_read_changes_is_told_so(client: Client, city: City) -> None:
    answer = await client.get(city.school_admin, "/changes")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert answer.json()["details"] == {"permission": "change:read"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("after=nonsense", "bad_cursor"),
        ("after=" + 12_000 * "A", "bad_cursor"),
        ("after=" + 12_001 * "A", "invalid_request"),
        ("after=%E6%B8%B8", "invalid_request"),
        (f"after={Position(1).cursor()}", "change_epoch_raised"),
        ("limit=0", "invalid_request"),
        ("limit=501", "invalid_request"),
        ("limit=1e999", "invalid_request"),
        ("colour=red", "unknown_parameter"),
    ],
)
async def test_nonsense_is_refused(client: Client, city: City, query: str, code: str) -> None:
    answer = await client.get(city.integration, f"/changes?{query}")
    assert answer.json()["code"] == code
    assert answer.status_code == (409 if code == "change_epoch_raised" else 422)
