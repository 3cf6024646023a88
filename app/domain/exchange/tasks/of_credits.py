"""What waits in the workflows of credits."""

from sqlmodel import col

from app.domain.access.roles import Permission
from app.domain.credits.certificates import CertificateBatch, CertificateBatchState
from app.domain.exchange.tasks.waiting import TaskKind, Waiting
from app.domain.people.teachers.strata import is_among

OF_CREDITS = (
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
