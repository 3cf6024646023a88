"""Links (问卷链接) by which parents answer a survey without an account.

A link is of one survey and one school. Its token is 256 bits of chance, of which only a hash is kept. A
shared link is one token for all parents of the school; single ones are handed out one to each, and
each is used up by an answer: nothing remains that leads from the token to what was answered. A shared
link cannot know who has answered before: only the same form sent again is recognised. Whoever must be
sure that each answers once hands out single tokens.
"""

from app.domain.training.survey_links.forms import (
    FormAnswers,
    FormReceived,
    StageNotTaught,
    SurveyForm,
    SurveyFormNotFound,
    answer_survey_form,
    get_survey_form,
)
from app.domain.training.survey_links.link import (
    SURVEY_LINKS,
    IssuedSurveyLink,
    LinkKind,
    LinkOutsideAudience,
    NewSurveyLink,
    SharedLinkOfOne,
    SurveyLink,
    SurveyLinkNotFound,
    SurveyLinkView,
    SurveyNotAnonymous,
    SurveyToken,
    create_survey_link,
    list_survey_links,
    revoke_survey_link,
    survey_links_of,
)

__all__ = [
    "SURVEY_LINKS",
    "FormAnswers",
    "FormReceived",
    "IssuedSurveyLink",
    "LinkKind",
    "LinkOutsideAudience",
    "NewSurveyLink",
    "SharedLinkOfOne",
    "StageNotTaught",
    "SurveyForm",
    "SurveyFormNotFound",
    "SurveyLink",
    "SurveyLinkNotFound",
    "SurveyLinkView",
    "SurveyNotAnonymous",
    "SurveyToken",
    "answer_survey_form",
    "create_survey_link",
    "get_survey_form",
    "list_survey_links",
    "revoke_survey_link",
    "survey_links_of",
]
