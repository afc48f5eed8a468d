from rest_framework.routers import SimpleRouter

from billing.api.accounts import Accounts
from billing.api.bills import Bills
from billing.api.disputes import Disputes
from billing.api.payments import Payments
from billing.api.refunds import Refunds

router = SimpleRouter(trailing_slash=False)
router.register("api/billing/accounts", Accounts)
router.register("api/billing/bills", Bills)
router.register("api/billing/payments", Payments)
router.register("api/billing/refunds", Refunds)
router.register("api/billing/disputes", Disputes)

urlpatterns = router.urls
