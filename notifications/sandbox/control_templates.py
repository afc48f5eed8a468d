"""`/sandbox/templates`: what the account's templates are, and how Meta's review of them went."""

from .templates import Templates
from .wire import Answer, Request, error_answer, json_answer

PATH = "/sandbox/templates"


class TemplateControl:
    def __init__(self, templates: Templates) -> None:
        self.templates = templates

    def show(self, request: Request) -> Answer:
        return json_answer([one.as_dict() for one in self.templates.all()])

    def replace(self, request: Request) -> Answer:
        """`PUT [{"name", "language", "body", …}, …]`: these instead of all."""
        try:
            self.templates.replace(request.json())
        except ValueError as error:
            return error_answer(400, str(error))
        return self.show(request)

    def restore(self, request: Request) -> Answer:
        """`DELETE`: back to how the sandbox was started."""
        self.templates.restore()
        return self.show(request)

    def change(self, request: Request) -> Answer:
        """`PUT /sandbox/templates/<name>/<language> {"status": "paused"}`: any field; a new one needs a body."""
        name, _, language = request.path.removeprefix(f"{PATH}/").partition("/")
        try:
            changed = self.templates.change(name, language, request.json())
        except ValueError as error:
            return error_answer(400, str(error))
        return json_answer(changed.as_dict())
