"""The numbers EarlyBird is held to. `python -m benchmarks` prints them; `python -m benchmarks.faults` breaks things."""
