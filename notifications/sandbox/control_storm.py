"""`/sandbox/storm`: a storm of receipts, and how it goes."""

from .ledger import Ledger
from .receipts import Receipts
from .settings import Settings
from .storm import Storm, wishes_from
from .wire import Answer, Request, error_answer, json_answer


class StormControl:
    def __init__(self, settings: Settings, ledger: Ledger, receipts: Receipts) -> None:
        self.settings, self.ledger, self.receipts = settings, ledger, receipts

    def begin(self, request: Request) -> Answer:
        """`POST {"receipts": 3000, "duplicated": 0.2, …}`: what `Wishes` names, one storm at a time."""
        try:
            wishes = wishes_from(request.json())
        except ValueError as error:
            return error_answer(400, str(error))
        if not self.settings.webhooks:
            return error_answer(400, "webhooks: is false, so a storm would not be heard")
        if self.receipts.storm and self.receipts.storm.state != "over":
            return error_answer(409, "There is a storm already; wait until it is over")
        storm = self.receipts.storm = Storm(wishes, self.receipts.happen, self.receipts.forge)
        storm.begin(self.ledger.accepted)
        return json_answer(storm.as_dict())

    def show(self, request: Request) -> Answer:
        """The storm under way, or the last one."""
        storm = self.receipts.storm
        return json_answer(storm.as_dict()) if storm else error_answer(404, "There was no storm yet")
