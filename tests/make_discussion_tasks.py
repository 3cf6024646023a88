"""One piece of work of each kind that discussions and consultations make, for tests."""

from app.sql import Connection
from tests.made import Made
from tests.make import City
from tests.make_discussions import ask, hide, make_post, report
from tests.make_trainers import make_trainer


async def post_to_moderate(db: Connection, city: City) -> Made:
    post = await make_post(db, city, city.teacher_account)
    await report(db, city.colleague_account, post)
    return Made(post["id"], city.school_admin, city.school["id"])


async def mention_to_read(db: Connection, city: City) -> Made:
    post = await make_post(db, city, city.colleague_account, mentions=[city.teacher["id"]])
    return Made(post["id"], city.teacher_account, city.teacher["id"])


async def hidden_post_to_acknowledge(db: Connection, city: City) -> Made:
    post = await make_post(db, city, city.teacher_account)
    await hide(db, city.school_admin, post)
    return Made(post["id"], city.teacher_account, city.teacher["id"])


async def consultation_to_answer(db: Connection, city: City) -> Made:
    trainer = await make_trainer(db, city.county, city.county_admin, city.teacher)
    row = await ask(db, city.colleague_account, trainer_id=trainer["id"])
    return Made(row["id"], city.teacher_account, city.teacher["id"])
