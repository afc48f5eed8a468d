from django.urls import path

from orders import api

urlpatterns = [path("api/orders", api.Orders.as_view(), name="orders")]
