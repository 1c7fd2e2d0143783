from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from . import views


def page(template: str):
    """A page that only says something."""
    return login_not_required(TemplateView.as_view(template_name=f"portal/{template}.html"))


robots = login_not_required(TemplateView.as_view(template_name="robots.txt", content_type="text/plain"))

urlpatterns = [
    path("", views.home, name="home"),
    path("mon-espace/", views.my_space, name="my_space"),
    path("sante/", views.health, name="health"),
    path("territoires/<slug:level>-<slug:code>/", views.territory, name="territory"),
    path("mentions-legales/", page("legal"), name="legal"),
    path("accessibilite/", page("accessibility"), name="accessibility"),
    path("barometre-regional/", page("barometer_to_come"), name="old_barometer"),
    path("plan-du-site/", page("site_plan"), name="site_plan"),
    path("code-source/", page("open_source"), name="open_source"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
