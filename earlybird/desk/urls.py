"""Pages of the desk that belong to no one model. They lie within the admin, which signs people in."""

from django.contrib import admin
from django.urls import path

from earlybird.desk import customer, find

urlpatterns = [
    path("find/", admin.site.admin_view(find.find), name="desk_find"),
    path("desk/customer/<int:pk>/", admin.site.admin_view(customer.customer), name="desk_customer"),
    path("desk/person/", admin.site.admin_view(customer.person), name="desk_person"),
]
