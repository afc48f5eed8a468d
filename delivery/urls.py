from rest_framework.routers import SimpleRouter

from delivery.api.deliveries import Deliveries

router = SimpleRouter(trailing_slash=False)
router.register("api/deliveries", Deliveries)

urlpatterns = router.urls
