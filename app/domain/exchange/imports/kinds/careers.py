"""Careers (任职): ranks, posts, education and qualifications of those registered, a fact in each row.

A fact is found by the person, by what it is of and by its first day: then the row corrects it. What is not
found is recorded, and ends what it follows: all of a part at once, but for those whose order matters.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, func, literal, select, true

from app.domain.access.actors import Actor
from app.domain.access.roles import Permission
from app.domain.errors import DomainError
from app.domain.exchange.imports.kind import (
    Draft,
    Ground,
    ImportKind,
    ImportSubject,
)
from app.domain.exchange.imports.kinds.career_lines import COLUMNS, SAYS, CareerLine, fact_of
from app.domain.exchange.imports.kinds.registered import stamp_of_fact
from app.domain.exchange.imports.persons import identify_person, people_known
from app.domain.exchange.imports.places import plain_value, the_unit, units_known, wanted_of
from app.domain.exchange.imports.reasons import ChangedSince, PersonUnknown
from app.domain.people.careers import FactWithdrawal, record_fact, record_facts, withdraw_facts
from app.domain.people.facts.fact import FactKind, FactName, NewFact
from app.domain.people.facts.finding import believed_facts
from app.domain.people.facts.kinds import KINDS
from app.sql import Connection, Row, Statement

_CORRECTED, _TAKEN_BACK = "导入更正", "导入撤回"


def _identify(said: CareerLine, ground: Ground) -> tuple[str, str]:
    person, label = identify_person(said.id_kind, said.id_number, said.name, ground)
    new = said.new
    slot = [
        str((said.school if name == "school_id" else getattr(new, name)) or "")
        for name in KINDS[said.fact].slot
    ]
    return "|".join([person, said.fact, *slot, said.valid_from.isoformat()])[:300], label


@lru_cache(maxsize=8)
def _believed(kind: FactKind) -> Statement:
    given = func.unnest(bindparam("teacher_ids", type_=ARRAY(Uuid)))
    teachers = given.table_valued("id").render_derived("teachers")
    # Of each teacher by the index: joined otherwise, a table without statistics would be gone through.
    facts = (
        select(*kind.columns)
        .where(kind.columns.teacher_id == teachers.c.id, kind.columns.superseded_at.is_(None))
        .order_by(kind.columns.id)
        .offset(literal(0))
        .lateral("facts")
    )
    return Statement(select(*facts.c).select_from(teachers.join(facts, true())))


async def _find(db: Connection, ground: Ground, drafts: Sequence[Draft], lock: bool) -> None:
    keys = [(draft.key or "").partition("|")[0] for draft in drafts]
    people = await people_known(db, keys=keys, lock=lock)
    words = {draft.said.school for draft in drafts if draft.said.school}
    known = await units_known(db, ground=ground, words=words, lock=lock)
    for draft, key in zip(drafts, keys, strict=True):
        person = people.get(key)
        if person is None or not ground.covers(person):
            draft.refuse(PersonUnknown(), column=CAREERS.column("id_number").zh)
            continue
        school: Row = {"id": person["school_id"]}
        if draft.said.school is not None:
            named = the_unit(known, draft.said.school)
            if isinstance(named, DomainError):
                draft.refuse(named, column=CAREERS.column("school").zh)
                continue
            school = named
        draft.unit, draft.work = school, person
    ready = [draft for draft in drafts if draft.work is not None]
    for name in {draft.said.fact for draft in ready}:
        await _compare_facts(db, KINDS[name], [d for d in ready if d.said.fact is name])


async def _compare_facts(db: Connection, kind: FactKind, drafts: Sequence[Draft]) -> None:
    teacher_ids = list({draft.work["id"] for draft in drafts})
    says = (*SAYS.get(kind.name, ()), "valid_to")
    there: dict[tuple[Any, ...], Row] = {}
    for fact in await db.all(_believed(kind), teacher_ids=teacher_ids):
        slot = tuple(plain_value(fact[name]) for name in kind.slot)
        there[fact["teacher_id"], slot, fact["valid_from"]] = fact
    at_school = kind.at_school
    for draft in drafts:
        said, new = draft.said, draft.said.new
        at = {"school_id": draft.unit["id"]} if at_school and draft.unit else {}
        slot = tuple(plain_value(at.get(name, getattr(new, name))) for name in kind.slot)
        draft.wanted = wanted_of(new, says)
        held = there.get((draft.work["id"], slot, said.valid_from))
        if held is not None:
            draft.target_id = held["id"]
            draft.current = {name: plain_value(held[name]) for name in says}


async def _write(db: Connection, actor: Actor, ground: Ground, drafts: Sequence[Draft]) -> None:
    together, others = _parted(drafts)
    for kind, some in together:
        news = [(draft.work["id"], _new_of(draft)) for draft in some]
        keys = await record_facts(db, actor, kind=kind, news=news, now=ground.now)
        for draft, fact_id in zip(some, keys, strict=True):
            draft.target_id = fact_id
    for draft in others:
        kind = KINDS[draft.said.fact]
        row = await record_fact(
            db, actor, kind=kind, teacher_id=draft.work["id"], new=_new_of(draft), now=ground.now
        )
        draft.target_id = row["id"]


def _new_of(draft: Draft) -> NewFact:
    """The command by which a row is entered; what a row leaves out of what it corrects stays as it was."""
    more: dict[str, Any] = {}
    if KINDS[draft.said.fact].at_school and draft.unit is not None:
        more["school_id"] = draft.unit["id"]
    if draft.target_id is not None:
        kept = {name: value for name, value in (draft.current or {}).items() if value}
        more |= kept | draft.after | {"corrects": draft.target_id, "reason": _CORRECTED}
    return fact_of(draft.said, **more) if more else draft.said.new


def _parted(
    drafts: Sequence[Draft],
) -> tuple[list[tuple[FactKind, list[Draft]]], list[Draft]]:
    """What is written at once, by kind, and what one by one, in the order of the file.

    Whoever has a fact in a part that lies at another school, or several of one slot that succeed each
    other, has all of them written one by one: there the order matters.
    """
    apart: set[UUID] = set()
    held: set[tuple[Any, ...]] = set()
    for draft in drafts:
        kind, new, teacher_id = KINDS[draft.said.fact], draft.said.new, draft.work["id"]
        elsewhere = kind.at_school and (draft.unit or {})["id"] != draft.work["school_id"]
        if elsewhere or kind.name not in SAYS:
            apart.add(teacher_id)
        elif kind.succeeds and (draft.target_id is not None or new.valid_to is None):
            slot = (teacher_id, kind.name, *(getattr(new, name) for name in kind.slot))
            if slot in held:
                apart.add(teacher_id)
            held.add(slot)
    together: dict[FactName, list[Draft]] = {}
    for draft in drafts:
        if draft.work["id"] not in apart:
            together.setdefault(draft.said.fact, []).append(draft)
    others = [draft for draft in drafts if draft.work["id"] in apart]
    return [(KINDS[name], some) for name, some in together.items()], others


async def _written(db: Connection, rows: Sequence[Row]) -> list[tuple[FactKind, Row]]:
    """The facts that rows have written, in the order of the rows; refused where one is believed no more."""
    names = [FactName(row["key"].split("|")[1]) for row in rows]
    facts: dict[UUID, Row] = {}
    for name in dict.fromkeys(names):
        ids = [row["target_id"] for row, own in zip(rows, names, strict=True) if own is name]
        facts |= await believed_facts(db, kind=KINDS[name], fact_ids=ids)
    if any(row["target_id"] not in facts for row in rows):
        raise ChangedSince
    return [(KINDS[name], facts[row["target_id"]]) for row, name in zip(rows, names, strict=True)]


async def _remove(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    """Withdraw facts: one of each slot at a time, the last first, where one has ended the other."""
    rounds: list[dict[FactName, list[tuple[UUID, UUID]]]] = []
    seen: dict[tuple[Any, ...], int] = {}
    for kind, fact in await _written(db, rows):
        slot = (fact["teacher_id"], kind.name, *(fact[name] for name in kind.slot))
        turn = seen.get(slot, -1) + 1 if kind.succeeds else 0
        seen[slot] = turn
        if turn == len(rounds):
            rounds.append({})
        rounds[turn].setdefault(kind.name, []).append((fact["teacher_id"], fact["id"]))
    withdrawal = FactWithdrawal(reason=_TAKEN_BACK)
    for turn_of in rounds:
        for name, facts in turn_of.items():
            await withdraw_facts(
                db, actor, kind=KINDS[name], facts=facts, withdrawal=withdrawal, now=ground.now
            )


async def _restore(db: Connection, actor: Actor, ground: Ground, rows: Sequence[Row]) -> None:
    together: dict[FactName, list[tuple[UUID, NewFact]]] = {}
    for row, (kind, fact) in zip(rows, await _written(db, rows), strict=True):
        said = {name: fact[name] for name in kind.new.model_fields if name in fact}
        said |= row["before"] | {"corrects": fact["id"], "reason": _TAKEN_BACK}
        teacher_id, new = fact["teacher_id"], kind.new.model_validate(said)
        if kind.at_school:
            # It may be at another school than the person is, where the right to it is asked for.
            await record_fact(db, actor, kind=kind, teacher_id=teacher_id, new=new, now=ground.now)
        else:
            together.setdefault(kind.name, []).append((teacher_id, new))
    for name, news in together.items():
        await record_facts(db, actor, kind=KINDS[name], news=news, now=ground.now)


CAREERS = ImportKind(
    subject=ImportSubject.CAREERS,
    words="任职 / careers",
    permission=Permission.TEACHER_WRITE,
    columns=COLUMNS,
    row=CareerLine,
    identified_by=("id_number", "fact", "valid_from"),
    identify=_identify,
    find=_find,
    write=_write,
    restore=_restore,
    remove=_remove,
    stamp=stamp_of_fact(SAYS),
    part=2_000,
)
