"""A job whose worker is killed for good: another goes on with it, and does nothing twice."""

import time
from statistics import median

from prove.ground import Found, Ground
from prove.imports import Counted, Script, check_whole, check_whole_after, file_of


def prove_repicking(ground: Ground) -> Found:
    """A worker is killed in the midst of an import, for good; another one does the rest."""
    times, rows = ground.times((1, 400), (20, 1_000))
    house, found = ground.house, Found(repetitions=times)
    house.stale_after = ground.times(house.stale_after, 30.0)
    script, counted, over, left = Script(house, ground.draw), Counted(house.urls.owner), [], 0
    entered = 0
    for turn in range(times):
        house.start("worker-one")
        content, right = file_of(rows, 10_000_000 + turn * rows, script.schools)
        import_id = script.hand_in(f"接手{turn}.csv", content, None)
        script.await_work(import_id, rows, [], counted)
        script.ask("POST", f"/imports/{import_id}/apply")
        while (run := script.ask("GET", f"/imports/{import_id}").json())["done"] == 0:
            time.sleep(0.01)
        house.start("worker-two")
        house.kill_for_good("worker-one")
        began, left = time.monotonic(), left + right - run["done"]
        check_whole(counted())
        run = script.await_work(import_id, right, [], counted)
        over.append(time.monotonic() - began)
        entered += right
        found.expect_equal("people of an import", run["applied"], right)
        check_whole_after(counted(), entered)
        house.end("worker-two")
    script.close()
    found.expect(left > 0, "every worker had done its job before it was killed")
    found.figures = {
        "people": entered, "left to another": left,
        "seconds from the kill to the end, middle": round(median(over), 1),
    }  # fmt: skip
    return found
