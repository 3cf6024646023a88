"""Beginning an attempt: its paper, drawn by a seed."""

from datetime import datetime, timedelta
from decimal import Decimal
from secrets import randbits
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, Text, Uuid, bindparam, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col

from app.domain.access.actors import Actor
from app.domain.access.doors import PLACE
from app.domain.learning.bank_questions import BankQuestionVersion
from app.domain.learning.course_tests import CourseTestQuestion, Drawn, draw_paper, number_drawn
from app.domain.learning.test_attempts.table import CourseTestAnswer, CourseTestAttempt
from app.sql import Connection, Row, Statement, new_id

# What may be done.


def _document(name: str) -> Any:
    """The name of a field of a question, and the field."""
    key: Any = literal_column(f"'{name}'")
    return key, func.jsonb_extract_path(col(BankQuestionVersion.document), key, type_=JSONB)


_turn = func.row_number().over(
    partition_by=col(CourseTestQuestion.section),
    # A shuffle that is the same for the same seed, in every version of the database.
    order_by=(
        func.md5(
            func.concat(
                bindparam("seed", type_=Text), literal("/"), col(CourseTestQuestion.version_id)
            )
        ),
        col(CourseTestQuestion.version_id),
    ),
)
_share = (
    func.unnest(*(bindparam(name, type_=ARRAY(Integer)) for name in ("sections", "draws")))
    .table_valued("section", "draw", name="share")
    .render_derived()
)
_drawn = (
    select(
        col(CourseTestQuestion.section), col(CourseTestQuestion.ordinal),
        col(CourseTestQuestion.version_id), _turn.label("turn"),
    )
    .where(col(CourseTestQuestion.test_id) == bindparam("test_id", type_=Uuid))
    .subquery("drawn")
)  # fmt: skip
_DRAW = Statement(
    # Of what may be thousands of questions those alone that the seed draws, and of them what a paper needs.
    select(
        _drawn.c.section,
        _drawn.c.version_id,
        func.jsonb_build_object(*_document("options"), *_document("points"), type_=JSONB).label(
            "document"
        ),
    )
    .join_from(_drawn, BankQuestionVersion, _drawn.c.version_id == col(BankQuestionVersion.id))
    .join(_share, (_share.c.section == _drawn.c.section) & (_drawn.c.turn <= _share.c.draw))
    .order_by(_drawn.c.section, _drawn.c.ordinal)
)


async def begin_attempt(
    db: Connection, actor: Actor, *, test_id: UUID, test: Row, number: int, now: datetime
) -> UUID:
    """Draw the paper of an attempt that may be begun, by a seed that is kept; the key of the attempt."""
    seed, sections = randbits(62), test["sections"]
    draws = [number_drawn(each) for each in sections]
    drawn = await db.all(
        _DRAW, test_id=test_id, seed=str(seed), sections=list(range(len(draws))), draws=draws
    )
    paper = draw_paper(sections, drawn, seed=seed, shuffled=test["shuffled"])
    ends = [test["closes_at"]]
    if test["minutes"] is not None:
        ends.append(now + timedelta(minutes=test["minutes"]))
    attempt_id = new_id()
    row = {
        "id": attempt_id, "test_id": test_id, "activity_id": test["activity_id"],
        "teacher_id": actor.teacher_id, **{name: test[name] for name in PLACE},
        "number": number, "seed": seed, "started_at": now,
        "points": sum(map(_points, paper), Decimal()),
        "due_at": min((each for each in ends if each is not None), default=None),
    }  # fmt: skip
    await db.insert(CourseTestAttempt, row)
    answers = [
        {
            "id": new_id(), "attempt_id": attempt_id, "ordinal": ordinal,
            "version_id": each.version_id, "options": each.options, "points": _points(each),
            "awarded": 0,
        }
        for ordinal, each in enumerate(paper, start=1)
    ]  # fmt: skip
    await db.insert_all(CourseTestAnswer, answers)
    return attempt_id


def _points(drawn: Drawn) -> Decimal:
    return Decimal(drawn.document["points"])
