"""What a database can be asked about its own health, as the application's role may ask it.

Each check is one statement and one sentence about its answer. Nothing is changed.
"""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import asyncpg

__all__ = ["CHECKS", "Check", "Grade", "Symptom", "check_database"]


class Grade(StrEnum):
    """How bad something is."""

    GOOD = "good"
    """正常"""
    WATCHED = "watched"
    """需要关注：今日之内处理"""
    BAD = "bad"
    """异常：立即处理"""


class Symptom(NamedTuple):
    """What one check found, in both languages; what to do stands in the runbook under its name."""

    check: str
    grade: Grade
    zh: str
    en: str


class Check(NamedTuple):
    """One check: its name, what is asked, and what the first row of the answer means."""

    name: str
    asks: str
    means: Callable[[Any], tuple[Grade, str, str]]


SKEW = 2.0
"""Seconds that the clocks of the database and of this machine may differ."""
OLDEST_JOB = timedelta(minutes=10)
OLDEST_TRANSACTION = timedelta(minutes=5)
UNSEALED = timedelta(minutes=15)
_WRAPAROUND = 1_000_000_000
"""Transactions after which PostgreSQL should long have frozen what is old; it stops at two thousand million."""


def _version(row: Any) -> tuple[Grade, str, str]:
    return Grade.GOOD, f"PostgreSQL {row['version']}", f"PostgreSQL {row['version']}"


def _connections(row: Any) -> tuple[Grade, str, str]:
    used, most = row["used"], row["most"]
    grade = Grade.GOOD if used < most * 0.8 else Grade.BAD if used >= most - 3 else Grade.WATCHED
    return grade, f"{used} 个连接，上限 {most}", f"{used} of {most} connections are in use"


def _transactions(row: Any) -> tuple[Grade, str, str]:
    age = row["age"] or timedelta()
    grade = Grade.GOOD if age < OLDEST_TRANSACTION else Grade.WATCHED
    seconds = round(age.total_seconds())
    return grade, f"最久的事务已开 {seconds} 秒", f"the oldest transaction is {seconds} seconds old"


def _jobs(row: Any) -> tuple[Grade, str, str]:
    age, failed = row["age"] or timedelta(), row["failed"]
    grade = Grade.BAD if age > OLDEST_JOB * 6 else Grade.WATCHED if age > OLDEST_JOB else Grade.GOOD
    if failed and grade is Grade.GOOD:
        grade = Grade.WATCHED
    minutes = round(age.total_seconds() / 60)
    return (
        grade,
        f"{row['waiting']} 项作业等待，最久 {minutes} 分钟；{failed} 项失败",
        f"{row['waiting']} jobs wait, the oldest for {minutes} minutes; {failed} have failed",
    )


def _trail(row: Any) -> tuple[Grade, str, str]:
    age = row["age"] or timedelta()
    minutes = round(age.total_seconds() / 60)
    return (
        Grade.GOOD if age < UNSEALED else Grade.BAD,
        f"最久未封存的审计记录：{minutes} 分钟",
        f"the oldest act that is not sealed is {minutes} minutes old",
    )


def _recounts(row: Any) -> tuple[Grade, str, str]:
    failed = row["failed"]
    return (
        Grade.WATCHED if failed else Grade.GOOD,
        f"{failed} 人的学分状况未能计算",
        f"the standings of {failed} people could not be counted",
    )


def _archiver(row: Any) -> tuple[Grade, str, str]:
    if row["mode"] == "off":
        return Grade.WATCHED, "日志未归档", "the write-ahead log is not archived"
    failing = row["failed"] is not None and (row["kept"] is None or row["failed"] > row["kept"])
    if failing:
        return Grade.BAD, "日志归档失败", "archiving the write-ahead log fails"
    return Grade.GOOD, f"日志已归档至 {row['kept']}", f"the log was last archived at {row['kept']}"


def _checksums(row: Any) -> tuple[Grade, str, str]:
    failed = row["failures"]
    if failed is None:
        return Grade.WATCHED, "数据校验和未启用", "data checksums are not enabled"
    return (
        Grade.BAD if failed else Grade.GOOD,
        f"{failed} 个数据页校验失败",
        f"{failed} pages failed their checksum",
    )


def _indexes(row: Any) -> tuple[Grade, str, str]:
    names = ", ".join(row["names"] or []) or "-"
    return (
        Grade.BAD if row["names"] else Grade.GOOD,
        f"失效的索引：{names}",
        f"invalid indexes: {names}",
    )


def _age(row: Any) -> tuple[Grade, str, str]:
    age = row["age"]
    return (
        Grade.GOOD if age < _WRAPAROUND else Grade.BAD,
        f"最老的事务号已过 {age} 个事务",
        f"the oldest transaction id is {age} transactions old",
    )


def _dead(row: Any) -> tuple[Grade, str, str]:
    names = ", ".join(row["names"] or []) or "-"
    return (
        Grade.WATCHED if row["names"] else Grade.GOOD,
        f"待清理的表：{names}",
        f"tables that wait for vacuum: {names}",
    )


def _province_codes(row: Any) -> tuple[Grade, str, str]:
    names = ", ".join(row["names"] or []) or "-"
    return (
        Grade.WATCHED if row["names"] else Grade.GOOD,
        f"报送名册的市尚缺的省平台代码：{names}",
        f"codes that cities which send rosters to the province lack: {names}",
    )


CHECKS = (
    Check("database", "SELECT current_setting('server_version') AS version", _version),
    Check(
        "connections",
        "SELECT count(*) AS used, current_setting('max_connections')::int AS most"
        " FROM pg_stat_activity WHERE backend_type = 'client backend'",
        _connections,
    ),
    Check(
        "transactions",
        "SELECT max(now() - xact_start) AS age FROM pg_stat_activity"
        " WHERE usename = current_user AND pid <> pg_backend_pid()",
        _transactions,
    ),
    Check(
        "jobs",
        "SELECT count(*) FILTER (WHERE status = 'queued' AND execute_after <= now()) AS waiting,"
        " max(now() - greatest(created, execute_after))"
        " FILTER (WHERE status = 'queued' AND execute_after <= now()) AS age,"
        " count(*) FILTER (WHERE status IN ('failed', 'exception')) AS failed FROM pgqueuer",
        _jobs,
    ),
    Check(
        "audit_trail",
        "SELECT now() - min(at) AS age FROM audit_act WHERE transaction > coalesce("
        "(SELECT transaction FROM audit_link ORDER BY position DESC LIMIT 1), 0)",
        _trail,
    ),
    Check("recounts", "SELECT count(*) AS failed FROM recount_failure", _recounts),
    Check(
        "log_archive",
        "SELECT current_setting('archive_mode') AS mode, last_archived_time AS kept,"
        " last_failed_time AS failed FROM pg_stat_archiver",
        _archiver,
    ),
    Check(
        "checksums",
        "SELECT checksum_failures AS failures FROM pg_stat_database"
        " WHERE datname = current_database()",
        _checksums,
    ),
    Check(
        "indexes",
        "SELECT array_agg(indexrelid::regclass::text) AS names FROM pg_index WHERE NOT indisvalid",
        _indexes,
    ),
    Check(
        "transaction_ids",
        "SELECT age(datfrozenxid) AS age FROM pg_database WHERE datname = current_database()",
        _age,
    ),
    Check(
        "vacuum",
        "SELECT array_agg(relname::text ORDER BY n_dead_tup DESC) AS names FROM pg_stat_user_tables"
        " WHERE n_dead_tup > 100000 AND n_dead_tup > n_live_tup",
        _dead,
    ),
    Check(
        "province_codes",
        "SELECT array_agg(DISTINCT 'teacher_end=' || word ORDER BY 'teacher_end=' || word) AS names"
        " FROM (SELECT DISTINCT city_id FROM province_submission WHERE kind = 'roster') AS city"
        " CROSS JOIN unnest(ARRAY['retired', 'left', 'merged']) AS word"
        " WHERE NOT EXISTS (SELECT FROM province_code c WHERE c.city_id = city.city_id"
        " AND c.code_set = 'teacher_end' AND c.ours = word AND c.superseded_at IS NULL"
        " AND c.valid_from <= (now() AT TIME ZONE 'Asia/Shanghai')::date"
        " AND (c.valid_to IS NULL OR c.valid_to > (now() AT TIME ZONE 'Asia/Shanghai')::date))",
        _province_codes,
    ),
)


async def check_database(connection: asyncpg.Connection) -> list[Symptom]:
    """Ask everything, each by itself: what cannot be asked is a symptom too."""
    found: list[Symptom] = []
    for check in CHECKS:
        try:
            row = await connection.fetchrow(check.asks)
        except asyncpg.PostgresError as error:
            said = type(error).__name__
            found.append(
                Symptom(check.name, Grade.BAD, f"无法查询：{said}", f"cannot be asked: {said}")
            )
        else:
            found.append(Symptom(check.name, *check.means(row)))
    return found
