"""Drafts to be tried out, and answers that are counted to the end."""

from typing import Any

from app.domain.credits.packs import PackDocument
from app.domain.credits.what_ifs import NewWhatIf, count_next_people, open_question, request_what_if
from app.sql import Connection, Row
from tests.domain.credits.making import open_ended
from tests.make import NOW, Person


def asking_for(total: str, **changed: Any) -> dict[str, Any]:
    """The demonstration pack without caps, asking for this total in a cycle and for nothing else."""
    content = open_ended().model_dump(mode="json", exclude_defaults=True)
    needed = next(each for each in content["requirements"] if each["id"] == "total")
    needed["at_least"] |= {"value": total, "refinable": "raise"}
    return content | {"requirements": [needed], "caps": [], "purposes": []} | changed


def pack_asking_for(total: str) -> PackDocument:
    """The same, as a pack that may be in force."""
    return PackDocument.model_validate(asking_for(total))


def refinement_asking_for(total: str, version: int = 1) -> dict[str, Any]:
    """A county that asks for this total where its city's pack asks for another."""
    base = pack_asking_for("1.00")
    cited = {"citation": {"document": "县局文件", "article": "第2条"}}
    return {
        "id": "county-numbers",
        "version": version,
        "title": {"zh": "县级细化", "en": "The county's numbers"},
        "issuer": "县教育局",
        "refines": {"id": base.id, "version": base.version},
        "effective_from": {"value": "2026-01-01", **cited},
        "numbers": [{"number": "requirements.total.at_least", "value": {"value": total, **cited}}],
    }


async def ask(db: Connection, unit: Row, by: Person, document: dict[str, Any]) -> Row:
    """A question, not yet answered."""
    new = NewWhatIf(unit_id=unit["id"], document=document)
    return await request_what_if(db, by.actor, new=new, now=NOW)


async def count_all(db: Connection, what_if: Row) -> int:
    """Answer it as the job does; in how many parts."""
    question = await open_question(db, what_if_id=what_if["id"])
    assert question is not None
    parts = 1
    while await count_next_people(db, question=question):
        parts += 1
    return parts
