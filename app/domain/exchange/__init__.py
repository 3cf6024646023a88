"""Exchange with others: what has changed, what the province is given, and what it tells.

Read `changes` (the feed that a reader follows) first, then `batches` (closed sets of ledger entries,
each the same whenever it is read) and `submissions` (what is handed over to the province in the codes of
`province_codes`, with a receipt for each record; `reconciliations` compares both sides). What comes from
there are `arrivals` and `challenges`; `shared_data` is the catalogue of it all. `tasks` is what the system
tells its own people: what waits for them in every wing, which is why it lies in the topmost one.
"""
