"""The faults of the pipeline, played for real. `python -m benchmarks.faults [row …]` prints what became of each.

A row is one function with `@row(number, fault, expected)` in a module that `__main__` imports. It gets the
`Ground` (a fresh database, a Redis of its own, the sandbox, the clock) and a `Seen` to say what it saw.
"""
