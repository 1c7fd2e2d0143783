from django.urls import path

from . import views
from .models import Listing

urlpatterns = [
    path("carte/", views.map_page, name="map"),
    path("carte/integrer/", views.map_embed, name="map_embed"),
    path("carte/donnees.geojson", views.map_data, name="map_data"),
    path("acteurs/", views.actors, name="actors"),
    path("acteurs/export.csv", views.export, {"kind": Listing.Kind.ACTOR}, name="actors_export"),
    path("acteurs/<slug:slug>/", views.actor, name="actor"),
    path("structures/", views.structures, name="structures"),
    path("structures/export.csv", views.export, {"kind": Listing.Kind.STRUCTURE}, name="structures_export"),
    path("structures/<slug:slug>/", views.structure, name="structure"),
]
