"""Batches for the province (省平台批次): read `batch`, then `content`."""

from app.domain.exchange.batches.batch import (
    BATCHES,
    BatchEmpty,
    BatchNotFound,
    BatchView,
    NewBatch,
    ProvinceBatch,
    count_entries,
    create_batch,
    get_batch,
    list_batches,
    open_batch,
    read_content,
    stream_batch,
)
from app.domain.exchange.batches.content import ContentFormat

__all__ = [
    "BATCHES",
    "BatchEmpty",
    "BatchNotFound",
    "BatchView",
    "ContentFormat",
    "NewBatch",
    "ProvinceBatch",
    "count_entries",
    "create_batch",
    "get_batch",
    "list_batches",
    "open_batch",
    "read_content",
    "stream_batch",
]
