"""A consumer that follows only the feed holds exactly what it may see: under writers, moves, mergers,
changing grants and crashes of either side. `YANXUN_MIRROR_STEPS` makes it longer, `YANXUN_SEED` another."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import text

from app.database.embedded import Urls
from app.database.pool import Pool
from app.domain.access.actors import Actor, Grant
from app.domain.access.roles import Role, SubjectKind
from app.domain.credits.certificates.certificate import Certificate
from app.domain.credits.claims.table import Claim
from app.domain.credits.packs.published import RulePack, pack_row
from app.domain.exchange.changes import ChangeKind, list_changes
from app.domain.organisation.reorganisations import Merger, Move, merge_school, move_school
from app.domain.organisation.units import Level
from app.domain.training.activities import ActivityState
from app.domain.training.activities.sessions import remove_session
from app.domain.training.enrolments.enrolment import Enrolment
from app.request import Resources
from app.request.upkeep.rounds import LOST
from app.sql import Connection, Statement, new_id
from tests.domain.credits.making import open_ended
from tests.domain.exchange.changes.mirror import Mirror, differences, visible
from tests.domain.exchange.changes.writers import (
    ACTIVITIES,
    SCHOOLS,
    TEACHERS,
    LearningWriters,
    Undone,
)
from tests.domain.exchange.entered import enter, entry, reversal
from tests.faces.world import place_of
from tests.make import (
    NOW,
    City,
    make_activity,
    make_attendance,
    make_group,
    make_teacher,
    make_unit,
)
from tests.make_certificates import enter_batch
from tests.make_claims import put_claim
from tests.make_people import accept, by_key, complete, propose

STEPS = int(os.environ.get("YANXUN_MIRROR_STEPS", "480"))
SEED = int(os.environ.get("YANXUN_SEED", "7"))

_COUNTIES = Statement(text("SELECT * FROM unit WHERE level = 'county' ORDER BY id"))
_ENTRIES = Statement(
    text(
        "SELECT * FROM credit_entry e WHERE kind <> 'reverse' AND NOT EXISTS"
        " (SELECT FROM credit_entry r WHERE r.reverses_id = e.id) ORDER BY id"
    )
)
_DRAFTED = Statement(
    text(
        "SELECT s.id FROM activity_session s JOIN activity a ON a.id = s.activity_id"
        " WHERE a.state = 'draft' ORDER BY s.id"
    )
)
_ENROLMENTS = Statement(text("SELECT id FROM enrolment WHERE withdrawn_at IS NULL ORDER BY id"))
_CLAIMS = Statement(text("SELECT id, version FROM credit_claim ORDER BY id"))
_CERTIFICATES = Statement(text("SELECT id FROM certificate WHERE state = 'issued' ORDER BY id"))
_GROUPS = Statement(text("SELECT * FROM research_group ORDER BY id"))


class World(LearningWriters):
    """Writers that do by chance whatever changes what somebody may see."""

    def __init__(self, pool: Pool, city: City, held: Resources, chance: random.Random) -> None:
        self.pool, self.city, self.held, self.chance = pool, city, held, chance
        self.did: dict[str, int] = {}
        self.left = STEPS
        self.acts: list[Callable[[Connection], Awaitable[Any]]] = [
            self.enters, self.enters, self.reverses, self.renames, self.transfers,
            self.transfers, self.moves_a_school, self.adds_a_teacher, self.groups, self.regroups,
            self.trains, self.founds_and_merges, self.plans, self.removes_a_session, self.enrols,
            self.withdraws, self.claims, self.steps, self.certifies, self.revokes, self.rules,
            *self.steps_of_learning,
        ]  # fmt: skip

    @property
    def undone(self) -> list[Callable[[Connection], Awaitable[Any]]]:
        """The acts of which none has succeeded yet."""
        return [each for each in self.acts if each.__name__ not in self.did]

    async def write(self) -> None:
        """Until so many steps are done, and as many again while an act is left that never succeeded:
        how often one finds nothing to do depends on who comes first, which no seed decides."""
        while self.left > 0 or (self.undone and self.left > -STEPS):
            self.left -= 1
            act = self.chance.choice(self.acts)
            if self.undone and self.chance.random() < 0.3:
                act = self.chance.choice(self.undone)
            try:
                async with self.pool.transaction() as db:
                    await act(db)
                    await asyncio.sleep(self.chance.random() / 200)
                    self.thinks_better()
            except (Undone, *LOST, asyncpg.PostgresError):
                continue
            self.did[act.__name__] = self.did.get(act.__name__, 0) + 1

    def thinks_better(self) -> None:
        """Of one in ten, at the last moment."""
        if self.chance.random() < 0.1:
            raise Undone

    async def enters(self, db: Connection) -> None:
        teacher = await self.one(db, TEACHERS)
        await enter(db, entry(teacher), entry(teacher))

    async def reverses(self, db: Connection) -> None:
        await enter(db, reversal(await self.one(db, _ENTRIES)))

    async def renames(self, db: Connection) -> None:
        renamed = Statement(text("UPDATE teacher SET name = name || '改' WHERE id = :id"))
        teacher = await self.one(db, TEACHERS)
        if len(teacher["name"]) < 40:
            await db.run(renamed, id=teacher["id"])

    async def transfers(self, db: Connection) -> None:
        teacher, school = await self.one(db, TEACHERS), await self.one(db, SCHOOLS)
        who = self.city.city_admin
        transfer = await propose(db, self.held, who, by_key(teacher, school))
        await complete(db, who, await accept(db, who, transfer))

    async def moves_a_school(self, db: Connection) -> None:
        school, county = await self.one(db, SCHOOLS), await self.one(db, _COUNTIES)
        move = Move(bureau_id=county["id"])
        actor = self.city.city_admin.actor
        await move_school(db, actor, unit_id=school["id"], move=move, now=NOW)

    async def adds_a_teacher(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        teacher = await make_teacher(db, self.held.cipher, school)
        await enter(db, entry(teacher))

    async def groups(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        among = [each for each in await db.all(TEACHERS) if each["school_id"] == school["id"]]
        await make_group(db, school, *among)

    async def regroups(self, db: Connection) -> None:
        group = await self.one(db, _GROUPS)
        ended = "UPDATE group_member SET superseded_at = now() WHERE group_id = :id"
        await db.run(Statement(text(f"{ended} AND superseded_at IS NULL")), id=group["id"])

    async def trains(self, db: Connection) -> None:
        school = await self.one(db, SCHOOLS)
        teachers = await db.all(TEACHERS)
        activity = await make_activity(db, school, self.city.city_admin)
        some = self.chance.sample(teachers, min(3, len(teachers)))
        await make_attendance(db, activity["sessions"][0], self.city.city_admin, *some)

    async def plans(self, db: Connection) -> None:
        school, draft = await self.one(db, SCHOOLS), ActivityState.DRAFT
        await make_activity(db, school, self.city.city_admin, state=draft, sessions=2)

    async def removes_a_session(self, db: Connection) -> None:
        session = await self.one(db, _DRAFTED)
        await remove_session(db, self.city.city_admin.actor, session_id=session["id"])

    async def enrols(self, db: Connection) -> None:
        teacher, activity = await self.one(db, TEACHERS), await self.one(db, ACTIVITIES)
        row = {"id": new_id(), "teacher_id": teacher["id"], "activity_id": activity["id"]}
        await db.insert(Enrolment, row | place_of(teacher) | {"enrolled_at": NOW})

    async def withdraws(self, db: Connection) -> None:
        enrolment = await self.one(db, _ENROLMENTS)
        await db.change(Enrolment, enrolment["id"], {"withdrawn_at": NOW})

    async def claims(self, db: Connection) -> None:
        await put_claim(db, await self.one(db, TEACHERS))

    async def steps(self, db: Connection) -> None:
        claim = await self.one(db, _CLAIMS)
        await db.change(Claim, claim["id"], {"version": claim["version"] + 1})

    async def certifies(self, db: Connection) -> None:
        teacher = await self.one(db, TEACHERS)
        school = {name: teacher[name] for name in ("city_id", "county_id", "school_id")}
        await enter_batch(db, school, self.city.school_admin, teacher)

    async def revokes(self, db: Connection) -> None:
        certificate = await self.one(db, _CERTIFICATES)
        by = self.city.city_admin.actor.account_id
        ended = {"state": "revoked", "ended_because": "有误", "ended_by": by, "ended_at": NOW}
        await db.change(Certificate, certificate["id"], ended)

    async def rules(self, db: Connection) -> None:
        pack = pack_row(open_ended(), city_id=self.city.city["id"], published_at=NOW)
        pack |= {"pack_id": f"pack-{pack['id'].hex[-12:]}"}
        await db.insert(RulePack, pack)
        county = await self.one(db, _COUNTIES)
        own = {"id": new_id(), "unit_id": county["id"], "county_id": county["id"]}
        await db.insert(RulePack, pack | own | {"refines_id": pack["id"]})

    async def founds_and_merges(self, db: Connection) -> None:
        county, successor = await self.one(db, _COUNTIES), await self.one(db, SCHOOLS)
        school = await make_unit(db, "临时学校", Level.SCHOOL, county)
        teacher = await make_teacher(db, self.held.cipher, school)
        await make_group(db, school, teacher)
        await enter(db, entry(teacher))
        merger = Merger(successor_id=successor["id"])
        actor = self.city.city_admin.actor
        await merge_school(db, actor, unit_id=school["id"], merger=merger, now=NOW)


async def granted(pool: Pool, city: City, *unit_ids: UUID) -> Actor:
    """Somebody who reads the feed of these units, where they lie now."""
    placed = Statement(
        text("SELECT city_id, county_id, school_id, id FROM unit WHERE id = ANY(:ids)")
    )
    async with pool.connection() as db:
        units = await db.all(placed, ids=list(unit_ids))
    grants = tuple(
        Grant(Role.COUNTY_ADMIN, SubjectKind.UNIT, unit.pop("id"), **unit) for unit in units
    )
    return Actor(account_id=city.integration.actor.account_id, grants=grants)


async def follow(
    world: World, mirror: Mirror, units: Callable[[], tuple[UUID, ...]], done: asyncio.Event
) -> None:
    """Read on and on, with pages of any length, until the writers are done."""
    while not done.is_set():
        try:
            actor = await granted(world.pool, world.city, *units())
        except LOST:
            continue
        await mirror.read_on(world.pool, actor, limit=mirror.chance.randint(1, 40))
        mirror.crash_or_save()
        await asyncio.sleep(0.002)


async def kill_some(urls: Urls, chance: random.Random, done: asyncio.Event) -> int:
    """Now and then end one of the server's processes for the application."""
    driver = await asyncpg.connect(urls.application)
    killed = 0
    while not done.is_set():
        await asyncio.sleep(0.05 + chance.random() / 5)
        found = await driver.fetch(
            "SELECT pid FROM pg_stat_activity"
            " WHERE usename = current_user AND pid <> pg_backend_pid()"
        )
        if found:
            pid = chance.choice(found)["pid"]
            killed += await driver.fetchval("SELECT pg_terminate_backend($1)::int", pid)
    await driver.close()
    return killed


async def test_who_follows_the_feed_alone_holds_exactly_what_it_may_see(
    real_pool: Pool, made: City, resources: Resources, urls: Urls
) -> None:
    chance, done = random.Random(SEED), asyncio.Event()
    world = World(real_pool, made, resources, chance)
    units = [
        made.city, made.county, made.other_county, made.school, made.far_school, made.direct_school
    ]  # fmt: skip
    keys = [unit["id"] for unit in units]

    def any_grants() -> tuple[UUID, ...]:
        return tuple(chance.sample(keys, chance.randint(1, 3)))

    readers: dict[str, tuple[Mirror, Callable[[], tuple[UUID, ...]]]] = {
        "city": (Mirror(chance), lambda: (made.city["id"],)),
        "county": (Mirror(chance), lambda: (made.county["id"],)),
        "other": (Mirror(chance), lambda: (made.other_county["id"], made.school["id"])),
        "wanderer": (Mirror(chance), any_grants),
    }
    following = [
        asyncio.create_task(follow(world, mirror, grants, done))
        for mirror, grants in readers.values()
    ]
    killer = asyncio.create_task(kill_some(urls, random.Random(SEED), done))
    await asyncio.gather(*(world.write() for _ in range(4)))
    done.set()
    await asyncio.gather(*following)
    assert await killer > 0
    for name, (mirror, grants) in readers.items():
        actor = await settled_actor(real_pool, made, grants())
        await mirror.catch_up(real_pool, actor)
        async with real_pool.connection() as db:
            truth = await visible(db, actor)
        assert differences(mirror, truth) == [], name
        assert truth
        if name == "city":
            assert {kind for kind, _ in truth} == set(ChangeKind)
    assert [each.__name__ for each in world.undone] == []
    assert sum(mirror.crashes for mirror, _ in readers.values()) > 3
    assert readers["county"][0].gone > 3


async def settled_actor(pool: Pool, city: City, unit_ids: tuple[UUID, ...]) -> Actor:
    """The same as `granted`, for whom the pool may have to open a connection first."""
    while True:
        try:
            return await granted(pool, city, *unit_ids)
        except LOST:
            continue


async def test_what_is_granted_is_filled_in_and_what_is_taken_is_gone(
    real_pool: Pool, made: City
) -> None:
    mirror = Mirror(random.Random(1))
    both = await granted(real_pool, made, made.county["id"], made.other_county["id"])
    near = await granted(real_pool, made, made.county["id"])
    school = await granted(real_pool, made, made.school["id"])
    whole = await granted(real_pool, made, made.city["id"])
    async with real_pool.transaction() as db:
        await enter(db, entry(made.teacher), entry(made.far_teacher))
    for actor in (near, both, whole, school, both, near):
        await mirror.catch_up(real_pool, actor)
        async with real_pool.connection() as db:
            assert differences(mirror, await visible(db, actor)) == []


async def test_the_reader_is_told_which_unit_was_taken(real_pool: Pool, made: City) -> None:
    both = await granted(real_pool, made, made.county["id"], made.other_county["id"])
    near = await granted(real_pool, made, made.county["id"])
    async with real_pool.connection() as db:
        first = await list_changes(db, both, limit=500)
        told = await list_changes(db, near, after=first["next"])
        assert [(item["id"], item["gone"]) for item in told["items"]] == [
            (made.other_county["id"], True)
        ]
        assert (told["more"], told["filling"], told["through"]) == (True, False, None)
        rest = await list_changes(db, near, after=told["next"])
        assert (rest["items"], rest["more"]) == ([], False)
        # What is given back is filled in, with nothing of what was never taken.
        again = await list_changes(db, both, after=rest["next"], limit=500)
    units = {item["id"] for item in again["items"] if item["kind"] is ChangeKind.UNIT}
    assert units == {made.other_county["id"], made.far_school["id"]}
