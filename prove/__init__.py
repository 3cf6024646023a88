"""Proofs under fire: what a bureau is promised, tried on real processes that are killed, cut off and flooded.

`make prove` starts a PostgreSQL of its own with the application and a worker beside it, does to them what
happens in a long life, and counts afterwards: nothing that was acknowledged is lost, nothing is there twice,
the ledger verifies. It is drawn from a seed, which the report names and `--seed` takes; `docs/proof.md` says
what each proof shows. Nothing here is decided by how fast a machine is.
"""
