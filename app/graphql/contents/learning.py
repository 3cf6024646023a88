"""What may be asked about learning and done with it."""

import strawberry

from app.graphql.learning.answer_marks import AnswerMarkMutations, AnswerMarkQueries
from app.graphql.learning.answer_rechecks import AnswerRecheckMutations, AnswerRecheckQueries
from app.graphql.learning.awards import AwardMutations, AwardQueries
from app.graphql.learning.bank_questions import BankQuestionMutations, BankQuestionQueries
from app.graphql.learning.choice_rounds import ChoiceRoundMutations, ChoiceRoundQueries
from app.graphql.learning.choices import ChoiceMutations, ChoiceQueries
from app.graphql.learning.consultations import ConsultationMutations, ConsultationQueries
from app.graphql.learning.course_citations import CourseCitationMutations, CourseCitationQueries
from app.graphql.learning.course_classes import CourseClassMutations, CourseClassQueries
from app.graphql.learning.course_completions import (
    CourseCompletionMutations,
    CourseCompletionQueries,
)
from app.graphql.learning.course_evaluations import CourseEvaluationQueries
from app.graphql.learning.course_reviews import CourseReviewMutations, CourseReviewQueries
from app.graphql.learning.course_runs import CourseRunMutations, CourseRunQueries
from app.graphql.learning.course_tests import CourseTestMutations, CourseTestQueries
from app.graphql.learning.courses import CourseMutations, CourseQueries
from app.graphql.learning.discussion_posts import (
    DiscussionPostMutations,
    DiscussionPostQueries,
)
from app.graphql.learning.discussions import DiscussionMutations, DiscussionQueries
from app.graphql.learning.equipment import EquipmentMutations, EquipmentQueries
from app.graphql.learning.exercise_submissions import (
    ExerciseSubmissionMutations,
    ExerciseSubmissionQueries,
)
from app.graphql.learning.exercises import ExerciseMutations, ExerciseQueries
from app.graphql.learning.fair_access import FairAccessQueries
from app.graphql.learning.item_statistics import ItemStatisticQueries
from app.graphql.learning.learning_doubts import LearningDoubtMutations, LearningDoubtQueries
from app.graphql.learning.learning_progress import LearningProgressQueries
from app.graphql.learning.learning_records import LearningRecordQueries
from app.graphql.learning.mentor_suggestions import MentorSuggestionQueries
from app.graphql.learning.mentoring_counts import MentoringCountQueries
from app.graphql.learning.mentoring_policies import MentoringPolicyMutations, MentoringPolicyQueries
from app.graphql.learning.mentoring_records import MentoringRecordMutations, MentoringRecordQueries
from app.graphql.learning.mentorships import MentorshipMutations, MentorshipQueries
from app.graphql.learning.neighbour_systems import NeighbourSystemMutations, NeighbourSystemQueries
from app.graphql.learning.outputs import OutputMutations, OutputQueries
from app.graphql.learning.post_reports import PostReportMutations, PostReportQueries
from app.graphql.learning.research_totals import ResearchTotalMutations, ResearchTotalQueries
from app.graphql.learning.resource_links import ResourceLinkMutations, ResourceLinkQueries
from app.graphql.learning.resources import ResourceMutations, ResourceQueries
from app.graphql.learning.self_studies import SelfStudyMutations, SelfStudyQueries
from app.graphql.learning.test_attempts import TestAttemptMutations, TestAttemptQueries
from app.graphql.learning.topic_activities import TopicActivityMutations, TopicActivityQueries
from app.graphql.learning.topic_appraisals import TopicAppraisalMutations, TopicAppraisalQueries
from app.graphql.learning.topic_members import TopicMemberMutations, TopicMemberQueries
from app.graphql.learning.topic_participation import TopicParticipationQueries
from app.graphql.learning.topic_steps import TopicStepMutations, TopicStepQueries
from app.graphql.learning.topics import TopicMutations, TopicQueries
from app.graphql.learning.trainer_appearances import TrainerAppearanceQueries
from app.graphql.learning.trainer_assessments import (
    TrainerAssessmentMutations,
    TrainerAssessmentQueries,
)
from app.graphql.learning.trainer_courses import TrainerCourseMutations, TrainerCourseQueries
from app.graphql.learning.trainer_hires import TrainerHireMutations, TrainerHireQueries
from app.graphql.learning.trainer_load import TrainerLoadQueries
from app.graphql.learning.trainer_tours import TrainerTourMutations, TrainerTourQueries
from app.graphql.learning.trainers import TrainerMutations, TrainerQueries


@strawberry.type
class LearningQueries(
    CourseQueries,
    CourseReviewQueries,
    CourseCitationQueries,
    CourseRunQueries,
    CourseClassQueries,
    CourseCompletionQueries,
    CourseEvaluationQueries,
    ExerciseQueries,
    ExerciseSubmissionQueries,
    BankQuestionQueries,
    CourseTestQueries,
    TestAttemptQueries,
    AnswerMarkQueries,
    AnswerRecheckQueries,
    ItemStatisticQueries,
    SelfStudyQueries,
    ChoiceRoundQueries,
    ChoiceQueries,
    FairAccessQueries,
    LearningRecordQueries,
    LearningProgressQueries,
    LearningDoubtQueries,
    TrainerQueries,
    TrainerAppearanceQueries,
    TrainerCourseQueries,
    TrainerLoadQueries,
    TrainerAssessmentQueries,
    TrainerTourQueries,
    TrainerHireQueries,
    MentorshipQueries,
    MentoringRecordQueries,
    MentoringPolicyQueries,
    MentoringCountQueries,
    MentorSuggestionQueries,
    TopicQueries,
    TopicMemberQueries,
    TopicStepQueries,
    TopicAppraisalQueries,
    TopicActivityQueries,
    OutputQueries,
    AwardQueries,
    ResearchTotalQueries,
    TopicParticipationQueries,
    ResourceQueries,
    ResourceLinkQueries,
    EquipmentQueries,
    NeighbourSystemQueries,
    DiscussionQueries,
    DiscussionPostQueries,
    PostReportQueries,
    ConsultationQueries,
):
    """What may be asked about learning."""


@strawberry.type
class LearningMutations(
    CourseMutations,
    CourseReviewMutations,
    CourseCitationMutations,
    CourseRunMutations,
    CourseClassMutations,
    CourseCompletionMutations,
    ExerciseMutations,
    ExerciseSubmissionMutations,
    BankQuestionMutations,
    CourseTestMutations,
    TestAttemptMutations,
    AnswerMarkMutations,
    AnswerRecheckMutations,
    SelfStudyMutations,
    ChoiceRoundMutations,
    ChoiceMutations,
    LearningDoubtMutations,
    TrainerMutations,
    TrainerCourseMutations,
    TrainerAssessmentMutations,
    TrainerTourMutations,
    TrainerHireMutations,
    MentorshipMutations,
    MentoringRecordMutations,
    MentoringPolicyMutations,
    TopicMutations,
    TopicMemberMutations,
    TopicStepMutations,
    TopicAppraisalMutations,
    TopicActivityMutations,
    OutputMutations,
    AwardMutations,
    ResearchTotalMutations,
    ResourceMutations,
    ResourceLinkMutations,
    EquipmentMutations,
    NeighbourSystemMutations,
    DiscussionMutations,
    DiscussionPostMutations,
    PostReportMutations,
    ConsultationMutations,
):
    """What may be done about learning."""
