"""Every address of the site. Addresses are in French: they are read, copied and printed."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.urls")),
    path("", include("projects.urls")),
    path("", include("contact.urls")),
    path("", include("directory.urls")),
    path("", include("moderation.urls")),
    path("", include("notifications.urls")),
    path("", include("privacy.urls")),
    path("", include("territories.urls")),
    path("", include("core.urls")),
    path("compte/", include("accounts.urls")),
    path("gestion/", admin.site.urls),
]
if settings.DEMO_ALLOWED:
    urlpatterns += [path("", include("notifications.demo"))]
if settings.SHOW_COMPONENTS:
    urlpatterns += [path("", include("core.showcase"))]

handler400 = "core.views.bad_request"
handler429 = "accounts.views.too_many"
