"""Reports of posts (发言举报), and what those who moderate decide of them.

A report keeps the text as it stood. It waits where what the discussion is on lies, with whoever moderates
there; a post that is hidden is read by them alone, and its author is told why. In reading order: `report`
(doors, reads), `moderating`.
"""

from app.domain.learning.post_reports.moderating import (
    NewPostReport,
    PostNotReported,
    PostOfOneself,
    PostReported,
    PostRuling,
    dismiss_post_reports,
    hide_post,
    report_post,
    restore_post,
)
from app.domain.learning.post_reports.report import (
    MODERATED_POSTS,
    POST_REPORTS,
    ModeratedPostView,
    PostDecisionView,
    PostReportNotFound,
    PostReportView,
    list_moderated_posts,
    list_post_decisions,
    list_post_reports,
)

__all__ = [
    "MODERATED_POSTS",
    "POST_REPORTS",
    "ModeratedPostView",
    "NewPostReport",
    "PostDecisionView",
    "PostNotReported",
    "PostOfOneself",
    "PostReportNotFound",
    "PostReportView",
    "PostReported",
    "PostRuling",
    "dismiss_post_reports",
    "hide_post",
    "list_moderated_posts",
    "list_post_decisions",
    "list_post_reports",
    "report_post",
    "restore_post",
]
