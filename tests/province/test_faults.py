"""Every fault of the simulated platform with every kind of record: nothing lost, nothing doubled.

The simulator runs in a process of its own and is asked over real HTTP; it counts how often each record
took effect. `docs/province.md` has the table.
"""

import signal
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.exchange.reconciliations import (
    NewReconciliation,
    list_reconciliation_differences,
    start_reconciliation,
)
from app.domain.exchange.submissions import (
    NewSubmission,
    Receipt,
    RecordKind,
    RecordState,
    SubmissionKind,
    create_submission,
    resend_submission,
    take_receipts,
)
from app.domain.paging import PageRequest
from app.province_client import HttpPlatform
from app.province_simulator import Fault
from app.request import Resources
from app.request.upkeep.province import deliver_next, fetch_arrivals, reconcile_next
from app.security.tokens import PROVINCE_MANIFEST, JoseKey
from app.sql import Connection, Row
from tests.conftest import SharedPool
from tests.make import NOW, City
from tests.make_province import Simulator, make_codes, make_leaver, make_things, running_simulator
from tests.ports import free_port

SIGNER = JoseKey(ec.generate_private_key(ec.SECP256R1()), kind=PROVINCE_MANIFEST)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("province") / "kept", free_port()) as started:
        yield started


@pytest.fixture
async def platform(simulator: Simulator) -> AsyncIterator[HttpPlatform]:
    opened = HttpPlatform(simulator.url, simulator.secret, loopback=True, patience=1.0, pause=0.01)
    yield opened
    simulator.control("DELETE", "/faults")
    await opened.close()


async def submit(db: Connection, city: City, batch: Row) -> None:
    """A submission of each kind, and another roster after somebody retired."""
    for kind in (*SubmissionKind, SubmissionKind.ROSTER):
        batch_id = batch["id"] if kind is SubmissionKind.CREDITS else None
        new = NewSubmission(city_id=city.city["id"], kind=kind, batch_id=batch_id)
        await create_submission(db, city.integration.actor, new=new, now=NOW)
        if kind is SubmissionKind.CERTIFICATES:
            await make_leaver(db, city)


async def work(pool: SharedPool, platform: HttpPlatform, simulator: Simulator, city: City) -> int:
    """Deliver until all is settled, sending again what was rejected; how often a step was taken."""
    moment, steps = NOW, 0
    while True:
        while await deliver_next(pool, platform, SIGNER, moment):
            steps += 1
            assert steps < 200, "it goes round in a circle"
        moment += timedelta(hours=2)
        simulator.control("POST", "/decide", {"state": "accepted"})
        async with pool.transaction() as db:
            if await db._driver.fetchval(
                "SELECT count(*) FROM province_submission WHERE state <> 'settled'"
            ):
                continue
            again = await db._driver.fetch(
                "SELECT id FROM province_submission s WHERE EXISTS (SELECT FROM province_record r"
                " WHERE r.submission_id = s.id AND r.state = 'rejected') AND NOT EXISTS"
                " (SELECT FROM province_submission t WHERE t.resends_id = s.id) ORDER BY number"
            )
            if not again:
                return steps
            for row in again:
                await resend_submission(
                    db, city.integration.actor, submission_id=row["id"], now=moment
                )


FAULTS: dict[Fault | None, dict[str, object]] = {
    None: {},
    Fault.SLOW: {"times": 4, "seconds": 1.5, "where": "records"},
    Fault.ERROR_500: {"times": 5, "where": "records"},
    Fault.RESPONSE_LOST: {"times": 5, "where": "records"},
    Fault.DUPLICATE_DELIVERY: {},
    Fault.WINDOW_CLOSED: {"times": 3, "where": "records"},
    Fault.PARTIAL_REJECT: {},
    Fault.THREE_STATE: {},
}


async def kept(db: Connection, city_id: UUID) -> list[Row]:
    """The last of each record that we count as handed over."""
    rows = await db._driver.fetch(
        "SELECT DISTINCT ON (key) key, kind, state FROM province_record WHERE city_id = $1"
        " ORDER BY key, attempt DESC",
        city_id,
    )
    return [dict(row) for row in rows]


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_nothing_is_lost_and_nothing_is_doubled(
    fault: Fault | None,
    db: Connection,
    pool: SharedPool,
    city: City,
    platform: HttpPlatform,
    simulator: Simulator,
) -> None:
    await make_codes(db, city)
    batch = await make_things(db, city)
    await submit(db, city, batch)
    if fault is not None:
        simulator.fail(fault.value, **FAULTS[fault])
    before = simulator.effects()
    await work(pool, platform, simulator, city)
    ours = await kept(db, city.city["id"])
    effects = {key: n - before.get(key, 0) for key, n in simulator.effects().items()}
    for kind in RecordKind:
        of_kind = [row for row in ours if row["kind"] == kind]
        assert of_kind, f"{kind} was not handed over at all"
        assert {row["state"] for row in of_kind} == {RecordState.ACCEPTED}
        lost = [row["key"] for row in of_kind if effects.get(row["key"], 0) == 0]
        doubled = [row["key"] for row in of_kind if effects.get(row["key"], 0) > 1]
        assert (lost, doubled) == ([], []), kind


INBOUND = [
    None,
    *(each for each in FAULTS if each not in {Fault.PARTIAL_REJECT, Fault.THREE_STATE, None}),
]
"""Rejecting and reviewing is what we do with what the province tells."""


@pytest.mark.parametrize("fault", INBOUND, ids=str)
async def test_what_the_province_tells_arrives_once(
    fault: Fault | None,
    db: Connection,
    pool: SharedPool,
    city: City,
    platform: HttpPlatform,
    simulator: Simulator,
    resources: Resources,
) -> None:
    about = {"city_id": str(city.city["id"]), "name": city.teacher["name"]}
    credit = {"title": "省级培训", "earned_on": "2026-09-10", "hours": "16", "credits": "4"}
    told = {
        "roster": about | {"teacher_id": str(city.teacher["id"])},
        "credit": about | credit,
        "credit of somebody known": about | credit | {"teacher_id": str(city.colleague["id"])},
    }
    for name, arrival in told.items():
        named = {"kind": name.split()[0], "number": f"{name} {fault}"}
        simulator.control("POST", "/arrivals", arrival | named)
    simulator.control("POST", "/arrivals", {"city_id": about["city_id"], "kind": "malformed"})
    if fault is not None:
        simulator.fail(fault.value, **FAULTS[fault] | {"where": "arrivals"})
    for _ in range(8):
        await fetch_arrivals(pool, platform, resources.cipher, NOW)
    rows = await db._driver.fetch("SELECT number, teacher_id, state FROM arrival ORDER BY sequence")
    assert [(row["number"], row["teacher_id"], row["state"]) for row in rows] == [
        (f"roster {fault}", city.teacher["id"], "taken"),
        (f"credit {fault}", None, "waiting"),
        (f"credit of somebody known {fault}", city.colleague["id"], "waiting"),
    ]


async def test_a_killed_platform_goes_on_where_it_was(
    db: Connection, pool: SharedPool, city: City, platform: HttpPlatform, simulator: Simulator
) -> None:
    await make_codes(db, city)
    await submit(db, city, await make_things(db, city))
    assert await deliver_next(pool, platform, SIGNER, NOW)
    simulator.stop(signal.SIGKILL)
    assert await deliver_next(pool, platform, SIGNER, NOW)
    failed = "SELECT count(*) FROM province_submission WHERE failure = 'platform_down'"
    assert await db._driver.fetchval(failed) == 1
    simulator.start()
    await work(pool, platform, simulator, city)
    effects = simulator.effects()
    assert {effects[row["key"]] for row in await kept(db, city.city["id"])} == {1}


async def test_a_submission_that_is_refused_as_a_whole_is_rejected_record_by_record(
    db: Connection, pool: SharedPool, city: City, platform: HttpPlatform
) -> None:
    """A manifest that the platform does not believe: every record is rejected, with the reason."""
    await make_codes(db, city)
    await submit(db, city, await make_things(db, city))

    class Another:
        """A key that signs something else."""

        def sign(self, payload: bytes) -> str:  # noqa: ARG002
            return SIGNER.sign(b"{}")

        def public(self) -> dict[str, str]:
            return SIGNER.public()

    assert await deliver_next(pool, platform, Another(), NOW)
    rows = await db._driver.fetch(
        "SELECT receipt_code, receipt_reason FROM province_record WHERE state = 'rejected'"
    )
    assert rows
    assert {row["receipt_code"] for row in rows} == {"submission_refused"}
    assert rows[0]["receipt_reason"].startswith("manifest_unsigned")


async def test_both_sides_are_reconciled(
    db: Connection, pool: SharedPool, city: City, platform: HttpPlatform, simulator: Simulator
) -> None:
    await make_codes(db, city)
    await submit(db, city, await make_things(db, city))
    await work(pool, platform, simulator, city)
    ours = await kept(db, city.city["id"])
    lost = next(row["key"] for row in ours if row["kind"] == "credit")
    simulator.control("POST", "/forget", {"city_id": str(city.city["id"]), "key": lost})
    actor, new = city.integration.actor, NewReconciliation(city_id=city.city["id"])
    started = await start_reconciliation(db, actor, new=new, now=NOW)
    while await reconcile_next(pool, platform, NOW):
        pass
    page = await list_reconciliation_differences(
        db, actor, reconciliation_id=started["id"], page=PageRequest()
    )
    assert [(row["kind"], row["key"]) for row in page.items] == [("missing_there", lost)]
    query = "SELECT state, agreeing, differing FROM reconciliation"
    assert tuple(await db._driver.fetchrow(query)) == ("done", len(ours) - 1, 1)


async def test_receipts_before_the_delivery_do_not_keep_the_manifest_back(
    db: Connection, pool: SharedPool, city: City, platform: HttpPlatform, simulator: Simulator
) -> None:
    """The province acknowledges the first record as our client; the others are delivered all the same."""
    await make_codes(db, city)
    await submit(db, city, await make_things(db, city))
    first = await db._driver.fetchrow(
        "SELECT r.key, r.submission_id FROM province_record r JOIN province_submission s"
        " ON s.id = r.submission_id WHERE s.number = 1 AND r.ordinal = 1"
    )
    told = [Receipt(first["key"], RecordState.ACCEPTED)]
    await take_receipts(db, submission_id=first["submission_id"], receipts=told, now=NOW)
    await work(pool, platform, simulator, city)
    assert {row["state"] for row in await kept(db, city.city["id"])} == {RecordState.ACCEPTED}
    announced = "SELECT count(*) FROM province_submission WHERE announced_at IS NULL"
    assert await db._driver.fetchval(announced) == 0
