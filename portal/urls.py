from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("mon-espace/", views.my_space, name="my_space"),
    path("sante/", views.health, name="health"),
    path("territoires/<slug:level>-<slug:code>/", views.territory, name="territory"),
]
