"""Credits: what training is worth, and what of it counts.

In reading order:

- `packs`: a bureau's rules as data. `packs.document` is the document with a source beside every
  number; the shipped ones lie in `packs/shipped/*.json`.
- `rules`: the only place where anything is counted. Pure: no SQL, no I/O, no clock.
"""
