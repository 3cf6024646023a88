"""The province's program of the guide: it reads, answers, tells, doubts, closes, and says nothing twice."""

import json
from pathlib import Path

from app.database.pool import Pool
from app.domain.access.roles import PERMISSIONS, Role
from app.domain.exchange.challenges import (
    ChallengeAnswer,
    ChallengeOutcome,
    answer_challenge,
    list_challenges,
)
from app.domain.exchange.submissions import NewSubmission, SubmissionKind, create_submission
from app.domain.paging import PageRequest
from app.request import now
from tests.integrate.conftest import make_application, play
from tests.make import City
from tests.make_province import make_codes, make_things
from tests.streams import Serving


async def test_the_provinces_round(
    at: Serving, city: City, real_pool: Pool, tmp_path: Path
) -> None:
    async with real_pool.transaction() as db:
        known = await make_application(db, city.city, Role.PROVINCE, PERMISSIONS[Role.PROVINCE])
        await make_codes(db, city)
        batch = await make_things(db, city)
        new = NewSubmission(
            city_id=city.city["id"], kind=SubmissionKind.CREDITS, batch_id=batch["id"]
        )
        await create_submission(db, city.integration.actor, new=new, now=now())
    told = [
        {"kind": "credit", "number": "S-1", "city_id": str(city.city["id"]), "name": "测试甲",
         "teacher_id": str(city.teacher["id"]), "title": "省级骨干教师培训",
         "earned_on": "2026-09-10", "hours": "16", "credits": "4"},
        {"subject": "teacher", "subject_id": str(city.teacher["id"]), "reference": "Z-1",
         "question": "任教学校是否有误", "due_on": "2098-12-01"},
    ]  # fmt: skip
    file = tmp_path / "told.jsonl"
    file.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in told))
    environment = known | {"YANXUN_URL": f"http://{at.address}"}
    one_round = ("province.py", str(tmp_path / "province.db"), str(file))

    said = await play(*one_round, **environment)
    assert said[2:] == [
        "teachers: 5", "receipts: 4 accepted, 0 rejected",
        "told: waiting", "told: raised", "closed: none",
    ]  # fmt: skip
    async with real_pool.transaction() as db:
        actor = city.city_admin.actor
        [challenge] = (await list_challenges(db, actor, page=PageRequest())).items
        answer = ChallengeAnswer(outcome=ChallengeOutcome.UPHELD, answer="经核实无误")
        await answer_challenge(db, actor, challenge_id=challenge["id"], answer=answer, now=now())
    again = await play(*one_round, **environment)
    assert again[3:] == [
        "receipts: 0 accepted, 0 rejected", "told: waiting", "told: raised", "closed: Z-1 upheld",
    ]  # fmt: skip
