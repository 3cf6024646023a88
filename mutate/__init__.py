"""Mutation testing: wrong code is put in place of right code, and the tests have to notice.

`make mutate` draws a sample (seeded) of all changes that `operators` can make in the code of an area, puts
each into a process that has already collected the tests of that area, and runs those of them that come by
the changed line. A change that no test notices has survived; `docs/proof-mutation.md` explains each.

The code is changed in the functions that are there, not in files: what runs only while modules are
imported, such as statements that are compiled once, is therefore left out, and counted apart.
"""
