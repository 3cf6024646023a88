"""Campaigns (专项活动): standing or dated programmes of a bureau or a school that group activities.

So “優化教學模式,構建高效課堂”教改實驗 is one campaign with all its lessons and seminars. `table` has
what a campaign is, `campaign` who sees it, `holding` what is done with it, `figures` what it has come to.
"""

from app.domain.quality.campaigns.campaign import (
    CAMPAIGNS,
    CampaignNotFound,
    CampaignView,
    get_campaign,
    list_campaign_activities,
    list_campaigns,
    list_own_campaigns,
)
from app.domain.quality.campaigns.figures import CampaignFigures, get_campaign_figures
from app.domain.quality.campaigns.holding import (
    CampaignActivityChoice,
    CampaignActivityExists,
    CampaignActivityNotFound,
    CampaignActivityOutside,
    CampaignChanges,
    CampaignDaysDisagree,
    NewCampaign,
    add_campaign_activity,
    create_campaign,
    remove_campaign_activity,
    update_campaign,
)
from app.domain.quality.campaigns.table import Campaign, CampaignActivity, CampaignFields

__all__ = [
    "CAMPAIGNS",
    "Campaign",
    "CampaignActivity",
    "CampaignActivityChoice",
    "CampaignActivityExists",
    "CampaignActivityNotFound",
    "CampaignActivityOutside",
    "CampaignChanges",
    "CampaignDaysDisagree",
    "CampaignFields",
    "CampaignFigures",
    "CampaignNotFound",
    "CampaignView",
    "NewCampaign",
    "add_campaign_activity",
    "create_campaign",
    "get_campaign",
    "get_campaign_figures",
    "list_campaign_activities",
    "list_campaigns",
    "list_own_campaigns",
    "remove_campaign_activity",
    "update_campaign",
]
