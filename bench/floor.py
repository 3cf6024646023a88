"""The floor: the same answers by hand, on bare ASGI, asyncpg and msgspec, without a token or a scope.

Each handler runs the same SQL, or for the nested questions the best that we know by hand, and builds the
answer from the records. It is what the application is compared with, so it does nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from app.domain.access.audit import Provenance
from app.domain.training.attendance.checking_in import ENTER_RECORDED
from app.domain.training.attendance.situation import EARLIEST
from app.settings import Settings
from app.sql import new_id

_encode = msgspec.json.Encoder().encode

_TODAY = "((now() AT TIME ZONE 'Asia/Shanghai')::date)"
_TEACHER = f"""
    SELECT t.name, t.subject, t.stage, t.id, t.school_id, t.county_id, t.city_id,
        (SELECT r.rank FROM teacher_rank r WHERE r.teacher_id = t.id AND r.superseded_at IS NULL
            AND r.valid_from <= {_TODAY} AND (r.valid_to IS NULL OR r.valid_to > {_TODAY})
            LIMIT 1) AS rank,
        array(SELECT p.post FROM teacher_post p WHERE p.teacher_id = t.id
            AND p.superseded_at IS NULL AND p.valid_from <= {_TODAY}
            AND (p.valid_to IS NULL OR p.valid_to > {_TODAY}) ORDER BY p.post) AS posts,
        t.id_number
    FROM teacher t
"""  # noqa: S608  made of constants
ONE = _TEACHER + "WHERE t.id = $1"
LIST = _TEACHER + "WHERE t.county_id = $1 AND t.subject = $2 ORDER BY t.name, t.id LIMIT 101"

SUMMARY = """
    SELECT s.id, s.name, coalesce(g.teachers, 0), coalesce(r.counted_credits, 0.00)::text
    FROM unit s LEFT JOIN school_register g ON g.school_id = s.id
    LEFT JOIN school_credit r
        ON r.school_id = s.id AND r.pack_id = $2 AND r.cycle_start <= $3 AND r.cycle_end >= $3
    WHERE s.parent_id = $1 AND s.level = 'school' AND s.closed_on IS NULL
    ORDER BY s.name, s.id
"""

TEACHERS = "SELECT id, name FROM teacher WHERE school_id = $1 ORDER BY name, id LIMIT 40"
ENTRIES = """
    SELECT t.place - 1, e.id, e.earned_on::text, e.kind, e.credits::text
    FROM unnest($1::uuid[]) WITH ORDINALITY t(id, place) CROSS JOIN LATERAL (
        SELECT id, earned_on, kind, credits FROM credit_entry
        WHERE teacher_id = t.id ORDER BY sequence DESC LIMIT 20
    ) e
"""

Handler = Callable[[asyncpg.Connection, list[str]], Awaitable[Any]]


async def _one(connection: asyncpg.Connection, words: list[str]) -> Any:
    return dict(await connection.fetchrow(ONE, UUID(words[1])))


async def _list(connection: asyncpg.Connection, words: list[str]) -> Any:
    rows = await connection.fetch(LIST, UUID(words[1]), words[2])
    return {"items": [dict(row) for row in rows[:100]], "next": None}


def _summary(city: dict[str, Any]) -> Handler:
    async def handle(connection: asyncpg.Connection, words: list[str]) -> Any:
        name = await connection.fetchval("SELECT name FROM unit WHERE id = $1", UUID(words[1]))
        rows = await connection.fetch(SUMMARY, UUID(words[1]), city["pack_id"], city["today"])
        schools = [
            {
                "id": row[0],
                "name": row[1],
                "creditSummary": {"teachers": row[2], "countedCredits": row[3]},
            }
            for row in rows
        ]
        return {"data": {"unit": {"name": name, "schools": schools}}}

    return handle


async def _entries(connection: asyncpg.Connection, words: list[str]) -> Any:
    rows = await connection.fetch(TEACHERS, UUID(words[1]))
    entries: list[list[dict[str, Any]]] = [[] for _ in rows]
    for row in await connection.fetch(ENTRIES, [row[0] for row in rows]):
        entries[row[0]].append(
            {"id": row[1], "earnedOn": row[2], "kind": row[3], "credits": row[4]}
        )
    teachers = [
        {"id": row[0], "name": row[1], "creditEntries": {"nodes": own}}
        for row, own in zip(rows, entries, strict=True)
    ]
    return {"data": {"unit": {"teachers": {"nodes": teachers}}}}


async def _check_in(connection: asyncpg.Connection, words: list[str]) -> Any:
    session, account, *addresses = (UUID(word) for word in words[1:])
    now = datetime.now(UTC)
    arguments = {
        "id": new_id(),
        "session_id": session,
        "teacher_id": addresses[-1],
        "addresses": addresses,
        "now": now,
        "latest_start": now + EARLIEST,
        "recorded_by": account,
        "act_id": new_id(),
        "account_id": account,
        "client_id": None,
        "on_behalf_of": None,
        "operation": "check_in",
        **Provenance(str(new_id()), "127.0.0.1", "bench")._asdict(),
    }
    row = await connection.fetchrow(ENTER_RECORDED.text, *ENTER_RECORDED.arguments(arguments))
    return None if row is None else dict(row)


def create_floor(settings: Settings, city: dict[str, Any]) -> Any:
    """The floor as an ASGI application; `city` says which pack and day the summary is of."""
    handlers: dict[str, Handler] = {
        "one": _one,
        "list": _list,
        "summary": _summary(city),
        "entries": _entries,
        "check-in": _check_in,
    }
    pools: list[asyncpg.Pool] = []

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send, settings, pools)
            return
        words = scope["path"].strip("/").split("/")
        async with pools[0].acquire() as connection:
            body = _encode(await handlers[words[0]](connection, words))
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return answer


async def _live(receive: Any, send: Any, settings: Settings, pools: list[asyncpg.Pool]) -> None:
    async def keep(_: asyncpg.Connection) -> None:
        await asyncio.sleep(0)

    await receive()
    pools.append(
        await asyncpg.create_pool(
            settings.database_url,
            min_size=2,
            max_size=settings.pool_size,
            reset=keep,
            statement_cache_size=1000,
        )
    )
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await pools[0].close()
    await send({"type": "lifespan.shutdown.complete"})
