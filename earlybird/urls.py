from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from rest import errors

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("", include("rest.urls")),
    path("", include("notifications.urls")),
    path("", include("orders.urls")),
    path(
        "api/schema",
        SpectacularAPIView.as_view(authentication_classes=(), permission_classes=()),
        name="schema",
    ),
    path("api/docs", SpectacularSwaggerView.as_view(authentication_classes=(), permission_classes=())),
    re_path(r"^api/", errors.no_endpoint),
]

handler404 = "rest.errors.not_found"
handler500 = "rest.errors.server_error"
