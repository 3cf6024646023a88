"""Enrolments (报名): who has a place in an activity, who waits for one, and how places are given.

In reading order: `enrolment` (table, doors, reads), `room` (what is free, for whom), `places` (what
the organiser decides of it), `entering` (writing who has a place and who waits), `enrolling` (a teacher's
own asking and giving back), `nominating` (schools and organisers for others).
"""

from app.domain.training.enrolments.enrolling import (
    ByNomination,
    Nominated,
    NotNominated,
    Withdrawal,
    decline_nomination,
    enrol_oneself,
    withdraw_enrolment,
)
from app.domain.training.enrolments.enrolment import (
    ENROLLED,
    ENROLMENTS,
    HAS_PLACE,
    WAITING,
    EnrolledView,
    Enrolment,
    EnrolmentNotFound,
    EnrolmentState,
    EnrolmentView,
    EnrolmentWay,
    list_enrolments,
    list_teacher_enrolments,
    list_waiting,
)
from app.domain.training.enrolments.entering import ActivityFull, QuotaTaken
from app.domain.training.enrolments.nominating import (
    Nomination,
    NominationUnfit,
    Placement,
    PlacementUnfit,
    enrol_teacher,
    nominate_teachers,
    remove_enrolment,
)
from app.domain.training.enrolments.places import (
    CapacityTaken,
    NewPlaces,
    PlacesView,
    QuotaSchoolUnfit,
    QuotasExceedCapacity,
    SchoolQuotaView,
    get_places,
    set_places,
)
from app.domain.training.enrolments.room import (
    PlaceQuota,
    PlaceRule,
    SchoolQuota,
    fill_freed_places,
)

__all__ = [
    "ENROLLED",
    "ENROLMENTS",
    "HAS_PLACE",
    "WAITING",
    "ActivityFull",
    "ByNomination",
    "CapacityTaken",
    "EnrolledView",
    "Enrolment",
    "EnrolmentNotFound",
    "EnrolmentState",
    "EnrolmentView",
    "EnrolmentWay",
    "NewPlaces",
    "Nominated",
    "Nomination",
    "NominationUnfit",
    "NotNominated",
    "PlaceQuota",
    "PlaceRule",
    "Placement",
    "PlacementUnfit",
    "PlacesView",
    "QuotaSchoolUnfit",
    "QuotaTaken",
    "QuotasExceedCapacity",
    "SchoolQuota",
    "SchoolQuotaView",
    "Withdrawal",
    "decline_nomination",
    "enrol_oneself",
    "enrol_teacher",
    "fill_freed_places",
    "get_places",
    "list_enrolments",
    "list_teacher_enrolments",
    "list_waiting",
    "nominate_teachers",
    "remove_enrolment",
    "set_places",
    "withdraw_enrolment",
]
