"""The desk in a real browser: its tests, and its pictures. Needs Debian's Chromium.

`pages` is the table of everything that staff can open; tests and pictures go through it. `shop` is the shop
they look at: the real stack on a database of its own, with the demo's customers and what went wrong with them.
"""
