from rest_framework.routers import SimpleRouter

from orders.api.orders import Orders

router = SimpleRouter(trailing_slash=False)
router.register("api/orders", Orders)

urlpatterns = router.urls
