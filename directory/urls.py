from django.urls import path

from .models import Listing
from .views import browse

urlpatterns = [
    path("carte/", browse.map_page, name="map"),
    path("carte/integrer/", browse.map_embed, name="map_embed"),
    path("carte/donnees.geojson", browse.map_data, name="map_data"),
    path("acteurs/", browse.actors, name="actors"),
    path("acteurs/export.csv", browse.export, {"kind": Listing.Kind.ACTOR}, name="actors_export"),
    path("acteurs/<slug:slug>/", browse.actor, name="actor"),
    path("structures/", browse.structures, name="structures"),
    path("structures/export.csv", browse.export, {"kind": Listing.Kind.STRUCTURE}, name="structures_export"),
    path("structures/<slug:slug>/", browse.structure, name="structure"),
]
