"""Campaigns: what belongs to them, and what they have come to."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import NotAllowed
from app.domain.organisation.units import UnitNotFound
from app.domain.paging import PageRequest
from app.domain.quality import campaigns
from app.domain.quality.campaigns import CampaignActivityChoice, CampaignChanges, NewCampaign
from app.domain.quality.official_documents import DocumentBasisNotInForce
from app.domain.training.activities import ActivityNotFound, ActivitySession, ActivityState
from app.request import Resources
from app.sql import Connection, Row, new_id
from tests.domain.credits.making import attend, make_closed_activity
from tests.make import NOW, City, Person, make_attendance
from tests.make_documents import make_campaign, make_document
from tests.make_programmes import make_twins, merge_twins

PAGE = PageRequest(limit=50)


def new(unit: Row, **more: Any) -> NewCampaign:
    given = {"unit_id": unit["id"], "title": "高效课堂教改实验", "starts_on": "2026-01-01"} | more
    return NewCampaign.model_validate(given)


async def choose(db: Connection, person: Person, campaign: Row, activity: Row) -> Row:
    return await campaigns.add_campaign_activity(
        db, person.actor, campaign_id=campaign["id"], now=NOW,
        choice=CampaignActivityChoice(activity_id=activity["id"]),
    )  # fmt: skip


async def test_a_standing_and_a_dated_campaign(db: Connection, city: City) -> None:
    by = city.county_admin
    standing = await campaigns.create_campaign(db, by.actor, new=new(city.county), now=NOW)
    dated = await campaigns.create_campaign(
        db, by.actor, new=new(city.county, ends_on="2026-06-30"), now=NOW
    )
    assert (standing["standing"], dated["standing"]) == (True, False)
    own = city.teacher_account.actor
    for day, expected in ((date(2026, 6, 30), 2), (date(2026, 7, 1), 1), (date(2025, 1, 1), 0)):
        page = await campaigns.list_own_campaigns(db, own, page=PAGE, as_of=day)
        assert len(page.items) == expected
    with pytest.raises(NotAllowed):
        await campaigns.create_campaign(db, city.auditor.actor, new=new(city.county), now=NOW)
    with pytest.raises(UnitNotFound):
        await campaigns.create_campaign(db, by.actor, new=new(city.far_school), now=NOW)


async def test_it_rests_on_a_document_in_force(db: Connection, city: City) -> None:
    by = city.city_admin
    gone = await make_document(db, city.city, by, valid_to=date(2020, 1, 1))
    with pytest.raises(DocumentBasisNotInForce):
        await campaigns.create_campaign(
            db, by.actor, new=new(city.city, document_id=gone["id"]), now=NOW
        )


async def test_schools_let_their_activities_belong_to_it(db: Connection, city: City) -> None:
    campaign = await campaigns.create_campaign(
        db, city.county_admin.actor, new=new(city.county, ends_on="2026-12-31"), now=NOW
    )
    own = await make_closed_activity(db, city.school, city.school_admin)
    assert (await choose(db, city.school_admin, campaign, own))["id"] == own["id"]
    with pytest.raises(campaigns.CampaignActivityExists):
        async with db.transaction():
            await choose(db, city.school_admin, campaign, own)
    later = await make_closed_activity(db, city.school, city.school_admin, on=date(2027, 1, 1))
    with pytest.raises(campaigns.CampaignActivityOutside):
        await choose(db, city.school_admin, campaign, later)
    far = await make_closed_activity(db, city.far_school, city.city_admin)
    with pytest.raises(campaigns.CampaignActivityOutside):
        await choose(db, city.city_admin, campaign, far)
    siblings = await make_closed_activity(db, city.sibling, city.sibling_admin)
    with pytest.raises(ActivityNotFound):
        await choose(db, city.school_admin, campaign, siblings)
    with pytest.raises(campaigns.CampaignNotFound):
        await choose(db, city.other_county_admin, campaign, far)
    listed = await campaigns.list_campaign_activities(
        db, city.county_admin.actor, campaign_id=campaign["id"], page=PAGE
    )
    assert [row["id"] for row in listed.items] == [own["id"]]
    key = {"campaign_id": campaign["id"], "activity_id": own["id"]}
    await campaigns.remove_campaign_activity(db, city.school_admin.actor, **key)
    with pytest.raises(campaigns.CampaignActivityNotFound):
        await campaigns.remove_campaign_activity(db, city.school_admin.actor, **key)


async def test_people_and_attendances_are_two_figures(db: Connection, city: City) -> None:
    first = await make_closed_activity(db, city.school, city.school_admin, hours="2.00")
    second = await make_closed_activity(db, city.sibling, city.sibling_admin, hours="3.00")
    await attend(db, first, [city.teacher, city.colleague])
    await attend(db, second, [city.teacher])
    dropped = await make_closed_activity(
        db, city.school, city.school_admin, state=ActivityState.CANCELLED
    )
    planned = await make_closed_activity(
        db, city.county, city.county_admin, state=ActivityState.PUBLISHED
    )
    campaign = await make_campaign(
        db, city.county, city.county_admin, first, second, dropped, planned
    )
    key = {"campaign_id": campaign["id"]}
    before = db.statements
    figures = await campaigns.get_campaign_figures(db, city.county_admin.actor, **key)
    assert db.statements - before == 3
    assert figures == {
        "campaign_id": campaign["id"], "activities": 3, "held": 2, "schools": 2, "people": 2,
        "attendances": 3, "person_hours": Decimal("7.00"),
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        await campaigns.get_campaign_figures(db, city.teacher_account.actor, **key)


async def test_nobody_and_no_session_counts_twice(
    db: Connection, city: City, resources: Resources
) -> None:
    one, other = await make_twins(db, city, resources)
    activity = await make_closed_activity(db, city.school, city.school_admin, hours="2.00")
    (first,) = activity["sessions"]
    again = first | {"id": new_id(), "ordinal": 2, "occurrence_of": first["id"]}
    await db.insert(ActivitySession, again)
    await attend(db, activity, [one, other])
    await make_attendance(db, again, city.school_admin, one)
    await merge_twins(db, resources, city.city_admin, one, other)
    campaign = await make_campaign(db, city.county, city.county_admin, activity)
    figures = await campaigns.get_campaign_figures(
        db, city.county_admin.actor, campaign_id=campaign["id"]
    )
    assert [figures[name] for name in ("people", "attendances", "person_hours")] == [1, 1, 2]


async def test_of_nothing_the_figures_are_nought(db: Connection, city: City) -> None:
    campaign = await make_campaign(db, city.school, city.school_admin)
    figures = await campaigns.get_campaign_figures(
        db, city.school_admin.actor, campaign_id=campaign["id"]
    )
    assert set(figures.values()) == {campaign["id"], 0}


async def test_it_ends_after_what_belongs_to_it(db: Connection, city: City) -> None:
    activity = await make_closed_activity(db, city.school, city.school_admin)
    campaign = await make_campaign(db, city.school, city.school_admin, activity)

    async def update(person: Person = city.school_admin, **changes: Any) -> Row:
        given = CampaignChanges.model_validate(changes)
        return await campaigns.update_campaign(
            db, person.actor, campaign_id=campaign["id"], changes=given
        )

    with pytest.raises(campaigns.CampaignDaysDisagree):
        await update(ends_on="2026-03-09")
    assert (await update(ends_on="2026-03-10", title="改名"))["standing"] is False
    assert (await update(ends_on=None))["standing"] is True
    with pytest.raises(NotAllowed):
        await update(city.teacher_account, title="改名")
    with pytest.raises(ValidationError):
        await update(title=None)


def test_it_does_not_end_before_it_begins() -> None:
    with pytest.raises(ValidationError):
        new({"id": "01890000-0000-7000-8000-000000000000"}, ends_on="2025-12-31")
