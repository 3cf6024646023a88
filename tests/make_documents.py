"""Official documents, regulations and campaigns for tests."""

from datetime import date
from typing import Any
from uuid import UUID

from app.domain.organisation.units import Level
from app.domain.paging import PageRequest
from app.domain.quality import official_documents as documents
from app.domain.quality.article_duties import ArticleDuty, DutyCheck, DutyRhythm
from app.domain.quality.article_links import ArticleLink, LinkedKind
from app.domain.quality.campaigns import Campaign, CampaignActivity
from app.domain.quality.document_articles import DocumentArticle
from app.domain.quality.official_documents import (
    DocumentAddressee,
    DocumentKind,
    DocumentState,
    NewOfficialDocument,
    OfficialDocument,
    plain_number,
)
from app.domain.quality.regulations import Regulation, RegulationKind, RegulationVersion
from app.sql import Connection, Row, new_id
from tests.make import NOW, City, Person, make_activity

LONG_AGO = date(2013, 5, 7)
BUSY_DOCUMENT = UUID("019abc00-0000-7000-8000-000000000018")
"""The document of the busy city that has several articles, duties and links."""


def _place(unit: Row) -> Row:
    return {name: unit[name] for name in ("city_id", "county_id", "school_id")}


async def make_document(
    db: Connection, unit: Row, by: Person, *addressees: Row, articles: int = 0, **more: Any
) -> Row:
    """A document of a unit, issued long ago to these; its articles' keys are in `articles`."""
    row = {
        "id": new_id(), **_place(unit), "title": "校本研修培训工作指导意见",
        "kind": DocumentKind.NOTICE, "number": None, "issued_on": LONG_AGO, "valid_from": LONG_AGO,
        "addressee_ids": [], "addressee_sets": [], "state": DocumentState.ISSUED,
        "created_by": by.actor.account_id,
    } | more  # fmt: skip
    if row["number"] is not None:
        row["plain_number"] = plain_number(row["number"])
    if row["state"] == DocumentState.ISSUED:
        row |= {"issued_at": NOW, "issued_by": by.actor.account_id}
    await db.insert(OfficialDocument, row)
    to = [{"document_id": row["id"], "unit_id": each["id"]} for each in addressees]
    await db.insert_all(DocumentAddressee, to)
    made = [
        {"id": new_id(), "document_id": row["id"], "number": number, "text": f"第{number}条。"}
        for number in range(1, articles + 1)
    ]
    await db.insert_all(DocumentArticle, made)
    return row | {"articles": [each["id"] for each in made]}


async def make_duty(
    db: Connection, article_id: Any, shown_by: DutyCheck | None, **more: Any
) -> Row:
    """A yearly duty of schools that an article lays down."""
    row = {
        "id": new_id(), "article_id": article_id, "bearer": Level.SCHOOL, "task": "制定计划",
        "rhythm": DutyRhythm.YEARLY, "shown_by": shown_by, "needed": 1, "activity_kinds": [],
        "activity_content": [],
    } | more  # fmt: skip
    await db.insert(ArticleDuty, row)
    return row


async def make_link(db: Connection, article_id: Any, by: Person, **more: Any) -> Row:
    """That an article stands behind something, which need not be there."""
    row = {
        "id": new_id(), "article_id": article_id, "kind": LinkedKind.NOTICE, "linked_id": new_id(),
        "linked_by": by.actor.account_id, "linked_at": NOW,
    } | more  # fmt: skip
    await db.insert(ArticleLink, row)
    return row


async def make_regulation(
    db: Connection, unit: Row, by: Person, kind: RegulationKind, **more: Any
) -> Row:
    """A regulation of a unit in its first version."""
    account_id = by.actor.account_id
    row = {
        "id": new_id(), **_place(unit), "kind": kind, "title": kind.value, "mark": "",
        "plain_title": kind.value.replace("_", ""), "version": 1, "created_by": account_id,
        "created_at": NOW,
    } | more  # fmt: skip
    await db.insert(Regulation, row)
    text = {
        "id": new_id(), "regulation_id": row["id"], "number": 1, "effective_from": LONG_AGO,
        "text": "第一条", "added_by": account_id, "added_at": NOW,
    }  # fmt: skip
    await db.insert(RegulationVersion, text)
    return row


async def make_campaign(
    db: Connection, unit: Row, by: Person, *activities: Row, **more: Any
) -> Row:
    """A standing campaign of a unit with these activities."""
    row = {
        "id": new_id(), **_place(unit), "title": "高效课堂教改实验", "starts_on": LONG_AGO,
        "created_by": by.actor.account_id, "created_at": NOW,
    } | more  # fmt: skip
    await db.insert(Campaign, row)
    for activity in activities:
        link = {
            "campaign_id": row["id"], "activity_id": activity["id"],
            "added_by": by.actor.account_id, "added_at": NOW,
        }  # fmt: skip
        await db.insert(CampaignActivity, link)
    return row


async def make_busy_documents(db: Connection, city: City) -> None:
    """Of the city thrice and of two units below a document with duties, a regulation and a campaign.

    The first of them, `BUSY_DOCUMENT`, has two articles, each with a duty and a link.
    """
    units = (city.city, city.city, city.city, city.county, city.school)
    later: dict[str, Any] = {"id": BUSY_DOCUMENT}
    for number, unit in enumerate(units):
        by = city.city_admin
        document = await make_document(db, unit, by, articles=2, **later)
        later = {
            "repealed_on": date(2990, 1, 1), "repeal_reason": "以新换旧",
            "repealed_by": by.actor.account_id, "successor_id": document["id"],
        }  # fmt: skip
        for article_id in document["articles"]:
            await make_duty(db, article_id, DutyCheck.PLAN_IN_FORCE)
            await make_link(db, article_id, by)
        await make_regulation(db, unit, by, RegulationKind.MANAGEMENT, mark=str(number))
        activity = await make_activity(db, unit, by)
        await make_campaign(db, unit, by, activity, document_id=document["id"])


def draft(unit: Row, **more: Any) -> NewOfficialDocument:
    """A document of a unit, to be drafted."""
    given = {"unit_id": unit["id"], "title": "关于加强校本研修的通知", "kind": "notice"} | more
    return NewOfficialDocument.model_validate(given)


async def issued(db: Connection, by: Person, unit: Row, **more: Any) -> Row:
    """A document that was drafted and issued."""
    made = await documents.create_official_document(db, by.actor, new=draft(unit, **more), now=NOW)
    return await documents.issue_official_document(db, by.actor, document_id=made["id"], now=NOW)


async def seen_by(db: Connection, person: Person) -> list[Any]:
    """The documents that are addressed to somebody."""
    page = await documents.list_addressed_documents(db, person.actor, page=PageRequest(limit=50))
    return [row["id"] for row in page.items]
