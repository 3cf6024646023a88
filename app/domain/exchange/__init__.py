"""Exchange with others: what has changed, and what the province is given.

Read `changes` (the feed that a reader follows) first, then `batches` (closed sets of ledger entries,
each the same whenever it is read). `tasks` is what the system tells its own people: what waits for them in
every wing, which is why it lies in the topmost one.
"""
