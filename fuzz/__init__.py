"""Drawing what nobody would think of sending: at a server over HTTP, and at what reads texts of strangers.

`docs/fuzzing.md` says how to run it, what counts as a failure, and what has been found.
"""
