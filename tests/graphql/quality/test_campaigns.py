"""Campaigns over GraphQL."""

from app.sql import Connection
from tests.make import City, Client, make_activity

CREATE = """
mutation ($new: NewCampaign!) { createCampaign(new: $new) { id standing unit { name } document { id } } }
"""
CHANGE = """
mutation ($id: UUID!) { updateCampaign(campaignId: $id, changes: {title: "改名"}) { title } }
"""
ADD = """
mutation ($id: UUID!, $activity: UUID!) {
  addCampaignActivity(campaignId: $id, choice: {activityId: $activity}) { id }
}
"""
READ = """
query ($id: UUID!) {
  campaign(id: $id) { title }
  campaigns { totalCount }
  ownCampaigns { totalCount }
  campaignActivities(campaignId: $id) { nodes { id } }
  campaignFigures(campaignId: $id) { activities people attendances personHours }
}
"""
REMOVE = """
mutation ($id: UUID!, $activity: UUID!) {
  removeCampaignActivity(campaignId: $id, activityId: $activity) { id }
}
"""


async def test_a_campaign_groups_activities(client: Client, db: Connection, city: City) -> None:
    new = {"unitId": str(city.county["id"]), "title": "教改实验", "startsOn": "2020-01-01"}
    made = (await client.graphql(city.county_admin, CREATE, {"new": new}))["data"]
    row = made["createCampaign"]
    assert (row["standing"], row["unit"]["name"], row["document"]) == (
        True, city.county["name"], None,
    )  # fmt: skip
    activity = str((await make_activity(db, city.school, city.school_admin))["id"])
    keys = {"id": row["id"], "activity": activity}
    added = await client.graphql(city.school_admin, ADD, keys)
    assert added["data"]["addCampaignActivity"] == {"id": activity}
    changed = await client.graphql(city.county_admin, CHANGE, {"id": row["id"]})
    assert changed["data"]["updateCampaign"] == {"title": "改名"}
    read = (await client.graphql(city.county_admin, READ, {"id": row["id"]}))["data"]
    assert read == {
        "campaign": {"title": "改名"},
        "campaigns": {"totalCount": 1},
        "ownCampaigns": {"totalCount": 1},
        "campaignActivities": {"nodes": [{"id": activity}]},
        "campaignFigures": {
            "activities": 1, "people": 0, "attendances": 0, "personHours": "0.00",
        },
    }  # fmt: skip
    gone = await client.graphql(city.school_admin, REMOVE, keys)
    assert gone["data"]["removeCampaignActivity"] == {"id": activity}
