"""The lists of the wing learning that can be exported."""

from app.domain.exchange.exports.listed.listing import Listed
from app.domain.learning import (
    answer_marks,
    answer_rechecks,
    awards,
    bank_questions,
    choice_rounds,
    choices,
    consultations,
    course_citations,
    course_classes,
    course_completions,
    course_reviews,
    course_runs,
    course_tests,
    courses,
    discussion_posts,
    discussions,
    equipment,
    exercise_submissions,
    exercises,
    fair_access,
    learning_doubts,
    learning_progress,
    learning_records,
    mentor_suggestions,
    mentoring_counts,
    mentoring_records,
    mentorships,
    neighbour_systems,
    outputs,
    post_reports,
    research_totals,
    resource_links,
    resources,
    self_studies,
    test_attempts,
    topic_activities,
    topic_appraisals,
    topic_members,
    topic_participation,
    topic_steps,
    topics,
    trainer_appearances,
    trainer_assessments,
    trainer_courses,
    trainer_hires,
    trainer_load,
    trainer_tours,
    trainers,
)
from app.domain.learning.awards import AwardEntryView, AwardRoundView
from app.domain.learning.bank_questions import BankQuestionVersionView, BankQuestionView
from app.domain.learning.choice_rounds import ChoiceRoundView
from app.domain.learning.choices import ChoiceView, MadeChoiceView
from app.domain.learning.consultations import (
    ConsultationMessageView,
    ConsultationView,
    OwnConsultationView,
)
from app.domain.learning.course_citations import CourseCitationView
from app.domain.learning.course_classes import CourseClassView
from app.domain.learning.course_completions import CourseCompletionView, SettledCompletionView
from app.domain.learning.course_reviews import CourseReviewView
from app.domain.learning.course_runs import CourseRunView
from app.domain.learning.course_tests import CourseTestView
from app.domain.learning.courses import CourseVersionView, CourseView
from app.domain.learning.discussion_posts import DiscussionPostView, PostWordingView
from app.domain.learning.discussions import DiscussionView
from app.domain.learning.equipment import EquipmentTotal, EquipmentView
from app.domain.learning.exercise_submissions import ExerciseSubmissionView, HandedInView
from app.domain.learning.exercises import ExerciseView
from app.domain.learning.fair_access import UnplacedTeacherView
from app.domain.learning.learning_doubts import LearningDoubtView
from app.domain.learning.learning_progress import LearnerView, LearningProgressView
from app.domain.learning.learning_records import LearningRecordView
from app.domain.learning.mentor_suggestions import MentorSuggestionView
from app.domain.learning.mentoring_counts import (
    ConcludedMentorshipView,
    MentoringCountView,
    MentoringObligationView,
)
from app.domain.learning.mentoring_records import MentoringRecordView
from app.domain.learning.mentorships import MentorshipJudgementView, MentorshipView, MentorView
from app.domain.learning.neighbour_systems import NeighbourSystemView, SystemIdentifierView
from app.domain.learning.outputs import OutputDuplicate, OutputView
from app.domain.learning.post_reports import (
    ModeratedPostView,
    PostDecisionView,
    PostReportView,
)
from app.domain.learning.research_totals import ResearchTotal, TopicTargetView
from app.domain.learning.resource_links import ResourceLinkView
from app.domain.learning.resources import ResourceVersionView, ResourceView
from app.domain.learning.self_studies import MilestoneView, SelfStudyView
from app.domain.learning.test_attempts import (
    AnswerMarkView,
    AnswerRecheckView,
    AttemptAnswerView,
    CourseTestAttemptView,
    PaperQuestionView,
    TakenTestView,
)
from app.domain.learning.topic_activities import TopicActivityView
from app.domain.learning.topic_appraisals import TopicAppraisalView
from app.domain.learning.topic_members import TopicMemberView
from app.domain.learning.topic_participation import TopicParticipation
from app.domain.learning.topic_steps import TopicStepView
from app.domain.learning.topics import TopicView
from app.domain.learning.trainer_appearances import TrainerAppearanceView
from app.domain.learning.trainer_assessments import TrainerAssessmentView
from app.domain.learning.trainer_courses import TrainerCourseView
from app.domain.learning.trainer_hires import TrainerHireView
from app.domain.learning.trainer_load import TrainerLoadView
from app.domain.learning.trainer_tours import TrainerTourView
from app.domain.learning.trainers import TrainerView

LISTS = (
    Listed(answer_marks.list_answer_marks, AnswerMarkView),
    Listed(answer_marks.list_attempt_answers, AttemptAnswerView),
    Listed(answer_rechecks.list_answer_rechecks, AnswerRecheckView),
    Listed(bank_questions.list_bank_question_versions, BankQuestionVersionView),
    Listed(bank_questions.list_bank_questions, BankQuestionView),
    Listed(course_tests.list_course_tests, CourseTestView),
    Listed(course_tests.list_offered_course_tests, CourseTestView),
    Listed(test_attempts.list_own_test_attempts, CourseTestAttemptView),
    Listed(test_attempts.list_paper_questions, PaperQuestionView),
    Listed(test_attempts.list_taken_tests, TakenTestView),
    Listed(awards.list_award_entries, AwardEntryView),
    Listed(awards.list_award_rounds, AwardRoundView),
    Listed(choice_rounds.list_choice_rounds, ChoiceRoundView),
    Listed(choice_rounds.list_offered_choice_rounds, ChoiceRoundView),
    Listed(choices.list_choices, MadeChoiceView),
    Listed(choices.list_teacher_choices, ChoiceView),
    Listed(course_completions.list_course_completions, SettledCompletionView),
    Listed(course_completions.list_teacher_course_completions, CourseCompletionView),
    Listed(consultations.list_consultation_messages, ConsultationMessageView),
    Listed(consultations.list_consultations, ConsultationView),
    Listed(consultations.list_own_consultations, OwnConsultationView),
    Listed(course_citations.list_course_citations, CourseCitationView),
    Listed(course_classes.list_course_classes, CourseClassView),
    Listed(course_classes.list_offered_course_classes, CourseClassView),
    Listed(course_reviews.list_course_reviews, CourseReviewView),
    Listed(course_runs.list_course_runs, CourseRunView),
    Listed(course_runs.list_offered_course_runs, CourseRunView),
    Listed(courses.list_course_versions, CourseVersionView),
    Listed(courses.list_courses, CourseView),
    Listed(courses.list_published_courses, CourseView),
    Listed(exercise_submissions.list_exercise_submissions, HandedInView),
    Listed(exercise_submissions.list_exercise_submissions_to_review, HandedInView),
    Listed(exercise_submissions.list_own_exercise_submissions, ExerciseSubmissionView),
    Listed(exercises.list_exercises, ExerciseView),
    Listed(exercises.list_offered_exercises, ExerciseView),
    Listed(self_studies.list_self_studies, SelfStudyView),
    Listed(self_studies.list_self_study_milestones, MilestoneView),
    Listed(fair_access.list_unplaced_teachers, UnplacedTeacherView),
    Listed(learning_records.list_learning_records, LearningRecordView),
    Listed(learning_progress.list_learners, LearnerView),
    Listed(learning_progress.list_teacher_learning_progress, LearningProgressView),
    Listed(learning_doubts.list_learning_doubts, LearningDoubtView),
    Listed(mentor_suggestions.list_mentor_suggestions, MentorSuggestionView),
    Listed(mentoring_counts.list_concluded_mentorships, ConcludedMentorshipView),
    Listed(mentoring_counts.list_mentoring_counts, MentoringCountView),
    Listed(mentoring_counts.list_mentoring_obligations, MentoringObligationView),
    Listed(mentoring_records.list_mentoring_records, MentoringRecordView),
    Listed(mentorships.list_mentors, MentorView),
    Listed(mentorships.list_mentorship_judgements, MentorshipJudgementView),
    Listed(mentorships.list_mentorships, MentorshipView),
    Listed(trainer_appearances.list_trainer_appearances, TrainerAppearanceView),
    Listed(trainer_assessments.list_trainer_assessments, TrainerAssessmentView),
    Listed(trainer_courses.list_trainer_courses, TrainerCourseView),
    Listed(trainer_hires.list_trainer_hires, TrainerHireView),
    Listed(trainer_load.list_trainer_load, TrainerLoadView),
    Listed(trainer_tours.list_trainer_tours, TrainerTourView),
    Listed(trainers.list_known_trainers, TrainerView),
    Listed(trainers.list_trainers, TrainerView),
    Listed(discussion_posts.list_discussion_posts, DiscussionPostView),
    Listed(discussion_posts.list_post_wordings, PostWordingView),
    Listed(discussions.list_discussions, DiscussionView),
    Listed(equipment.list_equipment, EquipmentView),
    Listed(equipment.list_equipment_totals, EquipmentTotal),
    Listed(fair_access.list_unplaced_teachers, UnplacedTeacherView),
    Listed(neighbour_systems.list_neighbour_systems, NeighbourSystemView),
    Listed(neighbour_systems.list_system_identifiers, SystemIdentifierView),
    Listed(outputs.list_output_duplicates, OutputDuplicate),
    Listed(outputs.list_outputs, OutputView),
    Listed(post_reports.list_moderated_posts, ModeratedPostView),
    Listed(post_reports.list_post_decisions, PostDecisionView),
    Listed(post_reports.list_post_reports, PostReportView),
    Listed(research_totals.list_research_totals, ResearchTotal),
    Listed(research_totals.list_topic_targets, TopicTargetView),
    Listed(resource_links.list_resource_links, ResourceLinkView),
    Listed(resources.list_resource_versions, ResourceVersionView),
    Listed(resources.list_resources, ResourceView),
    Listed(resources.list_shared_resources, ResourceView),
    Listed(topic_activities.list_topic_activities, TopicActivityView),
    Listed(topic_appraisals.list_topic_appraisals, TopicAppraisalView),
    Listed(topic_members.list_topic_members, TopicMemberView),
    Listed(topic_participation.list_topic_participation, TopicParticipation),
    Listed(topic_steps.list_topic_steps, TopicStepView),
    Listed(topics.list_topics, TopicView),
)
