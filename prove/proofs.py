"""What is proved, in order, each with what is promised by hand; the bounded run tries each a few times."""

from prove.bombs import prove_bombs
from prove.connections import prove_connections
from prove.disk import prove_disk
from prove.duplicates import prove_duplicates
from prove.exhaustion import prove_exhaustion
from prove.ground import Proof
from prove.histories import prove_histories
from prove.imports import prove_imports
from prove.jumping import prove_jumping
from prove.kills import prove_kills
from prove.migrating import prove_migrating
from prove.racers import prove_racers
from prove.repicking import prove_repicking
from prove.slowness import prove_slowness
from prove.soaking import prove_soaking
from prove.stopping import prove_stopping

_TARGETS = (
    # First: its model knows of no other entries than its own, and it leaves none behind.
    (prove_histories, "1,000 histories of credit: as the model after each step"),
    (
        prove_kills,
        "80 SIGKILLs of application and PostgreSQL: nothing acknowledged lost or doubled",
    ),
    (prove_imports, "40 SIGKILLs, the worker's too, during imports: each person whole and once"),
    (prove_duplicates, "10,000 repeated requests, answers dropped: one effect, equal byte by byte"),
    (prove_racers, "100 × 500 at once: exactly as many as there are"),
    (
        prove_connections,
        "400 cuts, half closes, ends and silences: everybody answered, only by 503",
    ),
    (prove_exhaustion, "200 clients, 5 connections: 503 with Retry-After, then all are served"),
    (prove_repicking, "20 workers killed for good: another does their jobs, once"),
    (prove_stopping, "50 servers replaced under load: no request dropped"),
    (prove_migrating, "500 steps of expand and contract under load: nobody is told to come back"),
    (prove_slowness, "500 half requests: let go within 25 s, all others answered"),
    (prove_bombs, "each bomb refused with 4xx, the process grows by less than 64 MB"),
    (prove_jumping, "200 jumps of the clock: entered once, chains verify"),
    (prove_disk, "10 full disks: only 503, nothing lost, goes on with room"),
    (prove_soaking, "30 minutes: memory, descriptors and connections flat"),
)
PROOFS = tuple(
    Proof(prove.__name__.removeprefix("prove_"), target, prove) for prove, target in _TARGETS
)
