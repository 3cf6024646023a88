"""Exchange with others: what has changed, and what the province is given.

Read `changes` (the feed that a reader follows) first, then `batches` (closed sets of ledger entries,
each the same whenever it is read).
"""
