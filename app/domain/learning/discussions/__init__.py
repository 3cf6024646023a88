"""Discussions (在线研讨、网上观摩): what is said of an activity, a course, a topic, or within a group.

One with a lesson video is an observation: its posts are comments at moments of the video. What is said in a
discussion is `learning.discussion_posts`. In reading order: `table`, `discussion` (door, reads), `opening`,
`reading` (how far one has read).
"""

from app.domain.learning.discussions.discussion import (
    DISCUSSION_PLACES,
    DISCUSSIONS,
    RUN_PLACES,
    DiscussionNotFound,
    DiscussionView,
    get_discussion,
    is_for,
    list_discussions,
)
from app.domain.learning.discussions.opening import (
    DiscussionChanges,
    DiscussionClosed,
    DiscussionClosing,
    DiscussionOpen,
    DiscussionVideoUnfit,
    NewDiscussion,
    check_open,
    close_discussion,
    open_discussion,
    reopen_discussion,
    update_discussion,
)
from app.domain.learning.discussions.reading import (
    DiscussionMark,
    DiscussionReadingView,
    get_discussion_reading,
    read_discussion,
)
from app.domain.learning.discussions.table import Discussion, DiscussionPost, DiscussionReading

__all__ = [
    "DISCUSSIONS",
    "DISCUSSION_PLACES",
    "RUN_PLACES",
    "Discussion",
    "DiscussionChanges",
    "DiscussionClosed",
    "DiscussionClosing",
    "DiscussionMark",
    "DiscussionNotFound",
    "DiscussionOpen",
    "DiscussionPost",
    "DiscussionReading",
    "DiscussionReadingView",
    "DiscussionVideoUnfit",
    "DiscussionView",
    "NewDiscussion",
    "check_open",
    "close_discussion",
    "get_discussion",
    "get_discussion_reading",
    "is_for",
    "list_discussions",
    "open_discussion",
    "read_discussion",
    "reopen_discussion",
    "update_discussion",
]
