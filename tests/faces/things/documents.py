"""Of each place: a document and a draft, an article with a duty and a link, a regulation, a campaign."""

from app.domain.quality.article_duties import DutyCheck
from app.domain.quality.article_links import ArticleLink
from app.domain.quality.official_documents import DocumentState
from app.domain.quality.regulations import RegulationKind
from app.sql import Connection
from tests.faces.world import Thing, World, add_row
from tests.make import NOW, City
from tests.make_documents import make_campaign, make_document, make_duty, make_regulation


async def add_things(db: Connection, world: World, city: City) -> None:
    """What a unit issues to nobody in particular is for all below it, as its regulations and campaigns."""
    by = city.city_admin
    for name, units in world.units.items():
        things, path = world.places[name], tuple(unit["id"] for unit in units)
        unit = units[-1]
        draft = await make_document(db, unit, by, state=DocumentState.DRAFT)
        document = await make_document(db, unit, by, articles=1)
        (article_id,) = document["articles"]
        level = "school" if unit["school_id"] else "county"
        duty = await make_duty(
            db, article_id, DutyCheck.ACTIVITIES_HELD,
            bearer="city" if unit["id"] == unit["city_id"] else level,
        )  # fmt: skip
        link = await add_row(
            db, ArticleLink, article_id=article_id, kind="notice", linked_id=article_id,
            linked_by=by.actor.account_id, linked_at=NOW,
        )  # fmt: skip
        regulation = await make_regulation(db, unit, by, RegulationKind.MANAGEMENT)
        campaign = await make_campaign(db, unit, by)
        things["document_draft"] = Thing(draft["id"], path)
        for kind, key in (
            ("document", document["id"]),
            ("document_article", article_id),
            ("article_duty", duty["id"]),
            ("article_link", link),
            ("regulation", regulation["id"]),
            ("campaign", campaign["id"]),
        ):
            things[kind] = Thing(key, path, audience=unit["id"])
