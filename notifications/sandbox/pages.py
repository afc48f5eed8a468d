"""Pages (soon)."""
from .wire import Answer, Request, error_answer
class Pages:
    def __init__(self, *a): pass
    def find(self, request: Request) -> Answer:
        return error_answer(404, "Not found")
