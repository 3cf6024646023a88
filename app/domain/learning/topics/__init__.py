"""Research topics (课题): what a school or a bureau studies in earnest, by whom, from when until when.

「把学校存在的问题转化为课题…以全员参与为基础的校本科研制度」 (岳市教发〔2013〕18号 第二十四条). A topic takes
up problems that were stated, is applied for at the level that is to approve it, and goes through its steps:

    draft ──application──▶ submitted ──▶ approved ──opening──▶ opened ──midterm──▶ midterm
      ▲                     │    └──▶ rejected                                        │
      └────── returned ◀────┘                                                         └──conclusion──▶ concluded

While it is studied it may be extended, or given up (withdrawn). Its leader and its members see it wherever
they are; the leader, the group or the unit writes on it. In reading order: `vocabulary`, `topic` (tables,
door, reads), `writing`.
"""

from app.domain.learning.topics.topic import (
    TOPIC_PLACES,
    TOPICS,
    Topic,
    TopicFields,
    TopicMember,
    TopicNotFound,
    TopicProblem,
    TopicView,
    get_topic,
    is_mine,
    is_of_members,
    list_topics,
    open_topic,
    topics_by_id,
    topics_of,
)
from app.domain.learning.topics.vocabulary import (
    EDITABLE,
    RUNNING,
    TopicDuty,
    TopicGrade,
    TopicLevel,
    TopicState,
)
from app.domain.learning.topics.writing import (
    NewTopic,
    TopicChanges,
    TopicLevelOfBureau,
    TopicOutOfOrder,
    TopicStateWrong,
    check_people,
    check_writable,
    create_topic,
    update_topic,
)

__all__ = [
    "EDITABLE",
    "RUNNING",
    "TOPICS",
    "TOPIC_PLACES",
    "NewTopic",
    "Topic",
    "TopicChanges",
    "TopicDuty",
    "TopicFields",
    "TopicGrade",
    "TopicLevel",
    "TopicLevelOfBureau",
    "TopicMember",
    "TopicNotFound",
    "TopicOutOfOrder",
    "TopicProblem",
    "TopicState",
    "TopicStateWrong",
    "TopicView",
    "check_people",
    "check_writable",
    "create_topic",
    "get_topic",
    "is_mine",
    "is_of_members",
    "list_topics",
    "open_topic",
    "topics_by_id",
    "topics_of",
    "update_topic",
]
