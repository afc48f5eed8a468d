from rest_framework.routers import SimpleRouter

from billing.api.bills import Bills
from billing.api.payments import Payments

router = SimpleRouter(trailing_slash=False)
router.register("api/billing/bills", Bills)
router.register("api/billing/payments", Payments)

urlpatterns = router.urls
