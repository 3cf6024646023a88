"""Measurements: each promised figure beside bare asyncpg doing the same, in one run.

`make bench` loads the city of full scale once (some minutes), then measures and prints a table, which is
kept in `bench/results.md`. Shared machines are noisy: a figure is a ratio within the run, never a rate
alone, and no timing decides a test.
"""
