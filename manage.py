#!/usr/bin/env python
"""Django's command line, talking to the same embedded servers as `make run`."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "earlybird.settings")
    from earlybird import entry

    entry.run(sys.argv)


if __name__ == "__main__":
    main()
