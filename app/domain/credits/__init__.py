"""Credits: what training is worth, and what of it counts.

In reading order:

- `packs`: a bureau's rules as data. `packs.document` is the document with a source beside every
  number, the shipped ones lie in `packs/shipped/*.json`, `packs.published` are those in force.
- `rules`: the only place where anything is counted. Pure: no SQL, no I/O, no clock.
- `entries`: the ledger, append-only, each person's entries chained by hashes.
- `standings`: what a person's entries amount to, counted when asked and stored in short.
- `recognition` and `reversals`: how entries come into the ledger, and how one is struck.
- `explanations`: why an entry counts as much as it does.
- `certificates`: what is certified of it: batches, documents, seals, credentials, verification.
- `statements`: the account of one cycle, line by line, as data and as a workbook.
- `conditions`: whether training is met for registration, appraisal, appointment and the like, why, and
  what would change it; and the pre-check lists of units.
- `forecasts`: what will be met by the cycle's end, and what would close the gap most cheaply.
- `summaries`: the sums of a school, a county, a city.
- `verification`: everything read again and rebuilt, for the operator.
"""
