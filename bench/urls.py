from django.urls import include, path

from .reference import reference

urlpatterns = [path("reference/", reference), path("", include("partenariat.urls"))]

handler400 = "core.views.bad_request"
