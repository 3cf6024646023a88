"""The demo city: Yueyang as its document of 2013 addresses it, with people who do not exist.

The city, its nine counties with their codes of GB/T 2260, its three zones without a code and its
city-direct schools are those that 岳市教发〔2013〕18号 is addressed to. Everything below is generated from a
fixed seed, the same at every load, and plainly synthetic: schools and people are called 测试, and ID
numbers begin with a region that does not exist.

Read `scales`, then `city` (the order in which it comes to be), then `places`, `people`, `training`,
`ledger`; `loading` is how rows get into the database: all of them, or none.
"""
