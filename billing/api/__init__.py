"""Bills and payments for other programs."""
