"""What waits in the workflows of credits."""

from sqlalchemy import case, func
from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.credits.certificates import (
    Certificate,
    CertificateBatch,
    CertificateBatchState,
    CertificateState,
)
from app.domain.credits.claim_publications.objections import ClaimObjection
from app.domain.credits.claim_publications.publication import ClaimPublication
from app.domain.credits.claims.claim import WAITS_AT
from app.domain.credits.claims.table import Claim, ClaimState
from app.domain.credits.human_reviews import PUT_RIGHT, TO_PUT_RIGHT, HumanReview, ReviewState
from app.domain.credits.packs.procedure import ReviewStage
from app.domain.exchange.tasks.kinds import TaskKind
from app.domain.exchange.tasks.of_people import beside
from app.domain.exchange.tasks.places import above_unit_of, unit_of
from app.domain.exchange.tasks.waiting import Waiting
from app.domain.people.teachers import Teacher
from app.domain.people.teachers.strata import is_among

_OF_COUNTY = is_among(col(Claim.stage), [ReviewStage.COUNTY]) & (
    col(Claim.county_id) != col(Claim.city_id)
)
_ABOVE = case(
    (is_among(col(Claim.stage), [ReviewStage.SCHOOL]), col(Claim.county_id)),
    (_OF_COUNTY, col(Claim.city_id)),
)
_OBJECTIONS = beside(
    ClaimObjection, Claim, col(ClaimObjection.claim_id) == col(Claim.id)
).join(
    ClaimPublication.__table__,  # type: ignore[attr-defined]
    col(ClaimObjection.publication_id) == col(ClaimPublication.id),
)  # fmt: skip

OF_CREDITS = (
    Waiting(
        kind=TaskKind.CLAIM_TO_REVIEW,
        permission=Permission.CLAIM_REVIEW,
        table=Claim,
        title=col(Claim.title),
        since=col(Claim.since),
        due=col(Claim.due_on),
        at=WAITS_AT,
        above=_ABOVE,
        waits=is_among(col(Claim.state), [ClaimState.SUBMITTED, ClaimState.APPEALED]),
        of=col(Claim.teacher_id),
    ),
    Waiting(
        kind=TaskKind.CLAIM_TO_REVISE,
        permission=Permission.CLAIM_WRITE,
        table=Claim,
        title=col(Claim.title),
        since=col(Claim.since),
        at=col(Claim.teacher_id),
        waits=is_among(col(Claim.state), [ClaimState.RETURNED]),
    ),
    Waiting(
        kind=TaskKind.CLAIM_TO_PUBLISH,
        permission=Permission.CLAIM_REVIEW,
        table=Claim,
        title=col(Claim.title),
        since=col(Claim.since),
        due=col(Claim.due_on),
        at=WAITS_AT,
        above=_ABOVE,
        waits=is_among(col(Claim.state), [ClaimState.APPROVED]),
    ),
    Waiting(
        kind=TaskKind.CLAIM_OBJECTION_TO_DECIDE,
        permission=Permission.CLAIM_REVIEW,
        table=ClaimObjection,
        rows=_OBJECTIONS,
        title=col(Claim.title),
        since=col(ClaimObjection.raised_at),
        due=col(ClaimPublication.closes_on),
        at=unit_of(ClaimPublication),
        above=above_unit_of(ClaimPublication),
        waits=col(ClaimObjection.decided_at).is_(None),
        by=col(ClaimObjection.raised_by),
        of=col(Claim.teacher_id),
    ),
    Waiting(
        kind=TaskKind.HUMAN_REVIEW_TO_DECIDE,
        permission=Permission.CREDIT_RECOGNISE,
        table=HumanReview,
        rows=beside(HumanReview, Teacher, col(HumanReview.teacher_id) == col(Teacher.id)),
        title=col(Teacher.name),
        since=col(HumanReview.asked_at),
        due=col(HumanReview.due_on),
        at=col(HumanReview.county_id),
        above=func.nullif(col(HumanReview.city_id), col(HumanReview.county_id)),
        waits=is_among(col(HumanReview.state), [ReviewState.ASKED]),
        of=col(HumanReview.teacher_id),
    ),
    Waiting(
        kind=TaskKind.HUMAN_REVIEW_TO_PUT_RIGHT,
        permission=Permission.CREDIT_RECOGNISE,
        table=HumanReview,
        rows=beside(HumanReview, Teacher, col(HumanReview.teacher_id) == col(Teacher.id)),
        title=col(Teacher.name),
        since=col(HumanReview.decided_at),
        at=col(HumanReview.county_id),
        above=func.nullif(col(HumanReview.city_id), col(HumanReview.county_id)),
        waits=TO_PUT_RIGHT & ~PUT_RIGHT,
        of=col(HumanReview.teacher_id),
    ),
    Waiting(
        kind=TaskKind.CERTIFICATE_TO_RECHECK,
        permission=Permission.CERTIFICATE_APPROVE,
        table=Certificate,
        title=col(Certificate.name),
        since=col(Certificate.doubted_at),
        at=col(Certificate.city_id),
        waits=is_among(col(Certificate.state), [CertificateState.ISSUED])
        & col(Certificate.doubted_at).is_not(None)
        & col(Certificate.upheld_at).is_(None),
        of=col(Certificate.teacher_id),
    ),
    Waiting(
        kind=TaskKind.CERTIFICATE_BATCH_TO_APPROVE,
        permission=Permission.CERTIFICATE_APPROVE,
        table=CertificateBatch,
        title=col(CertificateBatch.subject),
        since=col(CertificateBatch.submitted_at),
        at=col(CertificateBatch.city_id),
        waits=is_among(col(CertificateBatch.state), [CertificateBatchState.SUBMITTED]),
        by=col(CertificateBatch.submitted_by),
    ),
)
