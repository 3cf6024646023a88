"""Facts (任职事实): what a career is made of, each with its two times; written once for all kinds.

`fact` says what every one of them is, `ranks`, `posts`, `engagement` and `merits` which there are,
`kinds` lists them. `writing` records, corrects and ends them behind the doors of others, `finding` looks
one up by its key; `held` is what somebody holds on a day.
"""
