"""Trainees in activities (非教师学员参加活动): student teachers, probationers and guests whom a unit hosts.

「师范生实习基地、见习生规范化培训基地等（包括影子校长培训基地、中西部地区教师培训）」: a base school trains
people who are no teachers of the city. The organiser enters them and keeps their roll. They take no
place of the activity, earn no credit here, and are counted apart from teachers, in people (人) and
person-times (人次). In reading order: `part`, `roll`.
"""

from app.domain.training.activity_trainees.part import (
    ACTIVITY_TRAINEES,
    ActivityTrainee,
    ActivityTraineeNotFound,
    ActivityTraineeView,
    TraineeAttendance,
    TraineeParticipationView,
    TraineePeriodUnfit,
    list_activity_trainees,
    list_trainee_participation,
)
from app.domain.training.activity_trainees.roll import (
    ActivityTraineeAttended,
    NewActivityTrainees,
    NewTraineeAttendance,
    TraineesOutsideActivity,
    enter_activity_trainees,
    record_trainee_attendance,
    remove_activity_trainee,
)

__all__ = [
    "ACTIVITY_TRAINEES",
    "ActivityTrainee",
    "ActivityTraineeAttended",
    "ActivityTraineeNotFound",
    "ActivityTraineeView",
    "NewActivityTrainees",
    "NewTraineeAttendance",
    "TraineeAttendance",
    "TraineeParticipationView",
    "TraineePeriodUnfit",
    "TraineesOutsideActivity",
    "enter_activity_trainees",
    "list_activity_trainees",
    "list_trainee_participation",
    "record_trainee_attendance",
    "remove_activity_trainee",
]
