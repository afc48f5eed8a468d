"""Several workers doing the same at the same moment."""

import threading

from django.db import DatabaseError, connection


def database_errors(work, times, seconds):
    """What the database complained of while three threads did this `times` times each."""
    errors = []

    def run():
        try:
            for _ in range(times):
                work()
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds)
    return errors


def together(work, number):
    """Run this in so many threads, each with a connection of its own; an error of any is raised."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:  # noqa: BLE001 (raised below, where the test sees it)
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if errors:
        raise errors[0]
