"""Steps of topics (课题环节): what is handed in for a topic, and what whoever approves it decides.

The application, the opening (开题), the mid-term inspection (中期检查), an extension (延期), the conclusion
(结题) and a withdrawal (撤项) are one thing: the side that carries the topic files it, the side that
approves the topic passes it, returns it to be put right or refuses it. One waits at a time. A school
decides on its own level, a county on the county's, the city on the city's and on what the province
approves; nobody decides on a topic in which they take part, or on what they filed themselves.

In reading order: `step` (table, door, reads), `deciding`.
"""

from app.domain.learning.topic_steps.deciding import (
    NewTopicStep,
    TopicDueNotLater,
    TopicGradeMissing,
    TopicNotSponsored,
    TopicNumberTaken,
    TopicOfOneself,
    TopicStepDecision,
    TopicStepOpen,
    decide_topic_step,
    file_topic_step,
    take_back_topic_step,
)
from app.domain.learning.topic_steps.links import create_topic_step_link
from app.domain.learning.topic_steps.step import (
    TOPIC_STEPS,
    StepKind,
    StepState,
    TopicStep,
    TopicStepDecided,
    TopicStepNotFound,
    TopicStepView,
    get_topic_step,
    list_topic_steps,
    open_step,
    place_of_decision,
    topic_steps_by_id,
    topic_steps_of,
)

__all__ = [
    "TOPIC_STEPS",
    "NewTopicStep",
    "StepKind",
    "StepState",
    "TopicDueNotLater",
    "TopicGradeMissing",
    "TopicNotSponsored",
    "TopicNumberTaken",
    "TopicOfOneself",
    "TopicStep",
    "TopicStepDecided",
    "TopicStepDecision",
    "TopicStepNotFound",
    "TopicStepOpen",
    "TopicStepView",
    "create_topic_step_link",
    "decide_topic_step",
    "file_topic_step",
    "get_topic_step",
    "list_topic_steps",
    "open_step",
    "place_of_decision",
    "take_back_topic_step",
    "topic_steps_by_id",
    "topic_steps_of",
]
