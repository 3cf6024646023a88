"""Calendar links (日历订阅): secret addresses by which a calendar program reads what takes place.

A calendar program cannot sign in, so that the address itself is the secret: it is shown once, kept as a
hash, and can be revoked. What a link shows is decided anew each time, as whoever made it may see it
then: who is suspended, has left or lost a role is shown nothing.
"""

from app.domain.training.calendar_links.link import (
    MOST_LINKS,
    CalendarAbout,
    CalendarLink,
    CalendarLinkNotFound,
    CalendarLinkView,
    CalendarLinkWithPath,
    NewCalendarLink,
    TooManyCalendarLinks,
    create_calendar_link,
    list_calendar_links,
    revoke_calendar_link,
)
from app.domain.training.calendar_links.showing import calendar_of_link

__all__ = [
    "MOST_LINKS",
    "CalendarAbout",
    "CalendarLink",
    "CalendarLinkNotFound",
    "CalendarLinkView",
    "CalendarLinkWithPath",
    "NewCalendarLink",
    "TooManyCalendarLinks",
    "calendar_of_link",
    "create_calendar_link",
    "list_calendar_links",
    "revoke_calendar_link",
]
