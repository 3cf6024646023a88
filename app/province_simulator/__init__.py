"""A simulator of the provincial platform (省平台模拟器): a process of its own, with a store of its own.

The interface of a real platform is not public to us: addresses, codes and states here are the simulator's,
and say nothing about any province. It keeps what it takes in an append-only journal, which it reads again
when it starts; it fails in chosen ways when told to, and counts every effect, so that a test can prove
that nothing was lost and nothing counted twice. `store` is what it knows, `faults` how it fails,
`service` what it answers.
"""

from app.province_simulator.faults import Fault, Faults
from app.province_simulator.service import create_simulator
from app.province_simulator.store import Store

__all__ = ["Fault", "Faults", "Store", "create_simulator"]
