from datetime import timedelta

from app.cli.doubting import find_in_cities
from app.database.pool import Pool
from app.request import Resources
from tests.make import NOW, make_activity, make_attendance, make_city


async def test_doubts_are_put_up_city_by_city(real_pool: Pool, resources: Resources) -> None:
    later = NOW + timedelta(days=30)
    async with real_pool.transaction() as db:
        for _ in range(2):
            city = await make_city(db, resources.cipher)
            for begins in (NOW, NOW + timedelta(hours=1)):
                activity = await make_activity(db, city.county, city.county_admin, begins=begins)
                await make_attendance(db, activity["sessions"][0], city.county_admin, city.teacher)
    # The records are of the moment at which the test runs; the period reaches back beyond it.
    for expected in (2, 0):
        period = later - NOW + timedelta(days=3650)
        assert await find_in_cities(resources.settings, later, period) == expected
