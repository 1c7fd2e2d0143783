from django.urls import path

from . import views

urlpatterns = [
    path("territoires/", views.index, name="territories"),
    path("territoires/recherche/", views.search, name="territory_search"),
    path("territoires/contours/<slug:level>.geojson", views.contours, name="territory_contours"),
]
