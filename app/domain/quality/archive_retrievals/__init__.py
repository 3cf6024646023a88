"""Looking into archives (档案查阅): `retrieval` (who, and why), `words`, then `bundle` (what is shown)."""

from app.domain.quality.archive_retrievals.bundle import stream_archive_bundle
from app.domain.quality.archive_retrievals.retrieval import (
    ARCHIVE_RETRIEVALS,
    ArchiveRetrieval,
    ArchiveRetrievalExpired,
    ArchiveRetrievalNotFound,
    ArchiveRetrievalOfAnother,
    ArchiveRetrievalView,
    NewArchiveRetrieval,
    create_archive_retrieval,
    list_archive_retrievals,
)

__all__ = [
    "ARCHIVE_RETRIEVALS",
    "ArchiveRetrieval",
    "ArchiveRetrievalExpired",
    "ArchiveRetrievalNotFound",
    "ArchiveRetrievalOfAnother",
    "ArchiveRetrievalView",
    "NewArchiveRetrieval",
    "create_archive_retrieval",
    "list_archive_retrievals",
    "stream_archive_bundle",
]
