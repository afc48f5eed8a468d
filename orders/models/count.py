"""How many numbers of each prefix were given."""

from django.db import connection, models

TAKE = """
    INSERT INTO orders_count (prefix, last) VALUES (%s, %s)
    ON CONFLICT (prefix) DO UPDATE SET last = orders_count.last + excluded.last
    RETURNING last
"""


class Count(models.Model):
    """The last number of a prefix, for example 42 of EB-20261122. It only ever moves on."""

    prefix = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.prefix}: {self.last}"

    @classmethod
    def take(cls, prefix: str, many: int) -> range:
        """Move the count on by `many`, and return the numbers in between; nobody else is given them."""
        with connection.cursor() as cursor:
            cursor.execute(TAKE, (prefix, many))
            last = cursor.fetchone()[0]
        return range(last - many + 1, last + 1)
