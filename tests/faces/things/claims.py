"""What each place has of claims: one that waits, a publication with an objection, a closed year, a review."""

from datetime import date
from uuid import UUID

from app.domain.credits.claim_publications import ClaimObjection, ClaimPublication
from app.domain.credits.claims import ClaimEvidence
from app.domain.credits.school_years import LateWindow
from app.sql import Connection, Row
from tests.faces.world import Thing, World, add_row, place_of
from tests.make import NOW, City
from tests.make_claims import make_closing, make_human_review, put_claim


async def add_things(db: Connection, world: World, city: City) -> None:
    """Publications last for a lifetime, so that no clock takes them away."""
    by = city.city_admin.actor.account_id
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit, teacher = units[-1], world.teachers.get(name, city.direct_teacher)
        claim_id = await put_claim(db, teacher)
        publication_id = await add_row(
            db, ClaimPublication, **place_of(unit), published_on=date(2026, 11, 20),
            closes_on=date(2098, 11, 20), published_at=NOW, published_by=by,
        )  # fmt: skip
        objection_id = await add_row(
            db, ClaimObjection, publication_id=publication_id, claim_id=claim_id,
            reason="本人未参加", raised_at=NOW, raised_by=city.auditor.actor.account_id,
        )  # fmt: skip
        window_id = await add_row(
            db, LateWindow, **place_of(unit), school_year=2025, opens_on=date(2026, 11, 1),
            closes_on=date(2026, 11, 9), reason="系统故障", granted_at=NOW, granted_by=by,
        )  # fmt: skip
        things["claim_publication"] = Thing(publication_id, path, audience=unit["id"])
        things["claim_objection"] = Thing(objection_id, path)
        things["late_window"] = Thing(window_id, path)
        if unit["level"] != "school":
            closing = await make_closing(db, unit, city.city_admin)
            things["school_year_closing"] = Thing(closing["id"], path, audience=unit["id"])
        if name in world.teachers:
            things |= await _of_teacher(db, path, teacher, claim_id, things["offered"].id)
    await _elsewhere(db, world, city)


async def _of_teacher(
    db: Connection, path: tuple[UUID, ...], teacher: Row, claim_id: UUID, activity_id: UUID
) -> dict[str, Thing]:
    evidence_id = await add_row(
        db, ClaimEvidence, claim_id=claim_id, kind="certificate", title="证书", text="第1号"
    )
    review = await make_human_review(db, teacher, {"id": activity_id})
    return {
        "claim": Thing(claim_id, path, teacher_id=teacher["id"]),
        "claim_evidence": Thing(evidence_id, path),
        "human_review": Thing(review["id"], path, teacher_id=teacher["id"]),
    }


async def _elsewhere(db: Connection, world: World, city: City) -> None:
    """The claims of a school directly under the city, to which the objections of its bureaux belong."""
    query = "SELECT id FROM credit_claim WHERE school_id = $1 ORDER BY id"
    rows = await db._driver.fetch(query, city.direct_school["id"])
    path = (city.city["id"], city.direct_school["id"])
    for place, row in zip(("city", "county"), rows, strict=True):
        world.places[place]["claim"] = Thing(
            row["id"], path, teacher_id=city.direct_teacher["id"]
        )  # fmt: skip
