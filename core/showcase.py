"""The live page of the components, for those who build: never routed in production."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

urlpatterns = [
    path(
        "composants/",
        login_not_required(TemplateView.as_view(template_name="core/components.html")),
        name="components",
    ),
]
