"""Submissions to the province, gathered by a worker: read through one cursor, put down part by part."""

from uuid import UUID

from app.domain.exchange import submissions
from app.domain.exchange.province_codes import read_codes
from app.domain.portions import some_at_a_time
from app.request import Resources, now


async def gather_submission(held: Resources, about: UUID) -> None:
    """Put down what a submission is yet to hold, from where it was left, and close it.

    What is read is of one moment, and of what was put down before nothing is again. Where codes are
    missing everything is read nevertheless, so that all of them are named.
    """
    async with held.pool.transaction() as db:
        row = await submissions.begin_gathering(db, submission_id=about)
    if row is None:
        return
    async with held.pool.transaction() as reading:
        codes = await read_codes(reading, city_id=row["city_id"])
        found = await submissions.gather_anew(reading, codes=codes, about=row, now=now())
        async for some in some_at_a_time(found):
            if not codes.gaps:
                async with held.pool.transaction() as db:
                    await submissions.gather_part(db, submission_id=about, some=some)
    async with held.pool.transaction() as db:
        if codes.gaps:
            await submissions.stop_gathering(db, submission_id=about, gaps=codes.named)
        else:
            await submissions.finish_gathering(db, submission_id=about, now=now())
