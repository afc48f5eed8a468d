"""Pages for staff that need several apps."""
