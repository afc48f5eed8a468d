from rest_framework.routers import SimpleRouter

from orders.api.customers import Customers
from orders.api.orders import Orders
from orders.api.products import Products
from orders.api.subscriptions import Subscriptions

router = SimpleRouter(trailing_slash=False)
router.register("api/customers", Customers)
router.register("api/products", Products)
router.register("api/orders", Orders)
router.register("api/subscriptions", Subscriptions)

urlpatterns = router.urls
