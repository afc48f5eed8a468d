from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from rest import errors

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", include("earlybird.desk.urls")),
    path("admin/", admin.site.urls),
    path("", include("rest.urls")),
    path("", include("notifications.urls")),
    path("", include("orders.urls")),
    path("", include("delivery.urls")),
    path("", include("billing.urls")),
    re_path(r"^api/", errors.no_endpoint),
]
