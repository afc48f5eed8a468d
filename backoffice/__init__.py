"""How every page for staff behaves: the look, lists of millions, choosing rows, asking before acting.

It lies below the apps, as `rest` and `jobs` do, and knows none of them.
"""
