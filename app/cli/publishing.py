"""`yanxun packs publish`, `list --as`, `show`: what is in force, and how more of it is put in force.

Whoever publishes is an account: the same permissions hold as over the network, and the audit trail says who.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from app.cli.database import check_migrated, existing, pool_of_one
from app.cli.output import console, tell
from app.cli.packs import read_document, refuse
from app.cli.signing import find_actor
from app.domain.access.actors import Actor
from app.domain.access.audit import Provenance, record_act
from app.domain.access.roles import Permission
from app.domain.credits.packs import shipped_packs
from app.domain.credits.packs.published import RulePackNotFound, get_pack, list_packs
from app.domain.credits.packs.publishing import (
    NewRefinement,
    NewRulePack,
    publish_pack,
    refine_pack,
)
from app.domain.credits.packs.refinements import Refinement
from app.domain.errors import DomainError, NotAllowed
from app.domain.paging import LARGEST_PAGE, PageRequest
from app.settings import get_settings
from app.sql import Connection, Row

REFUSED = 3
Answer = TypeVar("Answer")


def publish(file: Path, account: str, unit: UUID | None = None, *, as_json: bool) -> None:
    """Put the document in force for a unit: by default the city of the account, or its county if it is a
    county's refinement.

    Exits with 1 where the document is wrong, 2 where it cannot be read, 3 where it is refused.
    """
    found = read_document(file)
    if isinstance(found, tuple):
        refuse(file, found, as_json=as_json)
    document = found.model_dump(mode="json", exclude_defaults=True)
    now = datetime.now(UTC)

    async def put_in_force(db: Connection, actor: Actor) -> Row:
        own = next(iter(actor.grants), None)
        if own is None:
            raise NotAllowed(Permission.PACK_PUBLISH.value)
        if isinstance(found, Refinement):
            of = unit or own.county_id or own.city_id
            refinement = NewRefinement(unit_id=of, document=document)
            row = await refine_pack(db, actor, new=refinement, now=now)
        else:
            new = NewRulePack(unit_id=unit or own.city_id, document=document)
            row = await publish_pack(db, actor, new=new, now=now)
        named = "refine_pack" if isinstance(found, Refinement) else "publish_pack"
        await record_act(db, actor, operation=named, target_id=row["id"], provenance=Provenance())
        return row

    try:
        row = asyncio.run(as_account(account, now, put_in_force))
    except DomainError as refusal:
        if as_json:
            words = {"code": refusal.code, **{each: refusal.message(each) for each in ("zh", "en")}}
            write({"refused": words})
        else:
            tell(refusal)
        sys.exit(REFUSED)
    if as_json:
        write({"published": _plain(row)})
    else:
        console.print(f"已发布 / published: {_line(row)}", markup=False)


def list_published(account: str, *, as_json: bool) -> None:
    """What is published where the account is, one a line, by the first day in force."""

    async def read(db: Connection, actor: Actor) -> list[Row]:
        return [row async for row in _published(db, actor)]

    rows = asyncio.run(as_account(account, datetime.now(UTC), read))
    if as_json:
        write([_plain(row) for row in rows])
    for row in [] if as_json else rows:
        console.print(_line(row), markup=False)


def show(named: str, account: str | None) -> None:
    """The document `ID` or `ID@VERSION`, the newest version where none is named, as JSON."""
    pack_id, _, version = named.partition("@")
    if account is None:
        pack = shipped_packs().get(pack_id)
        if pack is None or version not in {"", str(pack.version)}:
            raise RulePackNotFound
        write(pack.model_dump(mode="json", exclude_defaults=True))
        return

    async def read(db: Connection, actor: Actor) -> Any:
        rows = [row async for row in _published(db, actor, pack_id)]
        meant = [row for row in rows if version in {"", str(row["version"])}]
        if not meant:
            raise RulePackNotFound
        newest = max(meant, key=lambda row: row["version"])
        return (await get_pack(db, actor, pack_key=newest["id"]))["document"]

    write(asyncio.run(as_account(account, datetime.now(UTC), read)))


async def _published(
    db: Connection, actor: Actor, pack_id: str | None = None
) -> AsyncIterator[Row]:
    """What is published where the actor is, page after page."""
    cursor = None
    while True:
        request = PageRequest(limit=LARGEST_PAGE, cursor=cursor)
        page = await list_packs(db, actor, page=request, pack_id=pack_id)
        for row in page.items:
            yield row
        if (cursor := page.next) is None:
            return


async def as_account(
    name: str, now: datetime, act: Callable[[Connection, Actor], Awaitable[Answer]]
) -> Answer:
    """What an act gives that an account does, in a transaction of its own."""
    settings = existing(get_settings())
    await check_migrated(settings.session_url)
    async with pool_of_one(settings, statement_timeout=60) as pool, pool.transaction() as db:
        _, actor = await find_actor(db, name, now)
        return await act(db, actor)


def _plain(row: Row) -> Any:
    return msgspec.to_builtins({name: row[name] for name in row if name != "document"})


def _line(row: Row) -> str:
    days = f"{row['effective_from']} – {row['effective_to'] or ''}"
    return f"{row['pack_id']}@{row['version']}  {days}  {row['title_zh']}"


def write(told: Any) -> None:
    """Write it as JSON."""
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
