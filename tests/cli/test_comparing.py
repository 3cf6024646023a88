from app.cli.comparing import compare_all
from app.database.embedded import Urls
from app.database.pool import Pool
from app.request import Resources
from app.settings import Settings
from tests.domain.training.test_notes import LONG, put_note
from tests.make import make_activity, make_city


async def test_all_notes_are_compared_and_each_pair_is_queued_once(
    real_pool: Pool, resources: Resources, urls: Urls
) -> None:
    async with real_pool.transaction() as db:
        city = await make_city(db, resources.cipher)
        activity = await make_activity(db, city.county, city.county_admin)
        for teacher in (city.teacher, city.colleague):
            await put_note(db, activity, teacher, LONG)
    settings = Settings().model_copy(update={"database_url": urls.application})
    assert [await compare_all(settings), await compare_all(settings)] == [1, 0]
