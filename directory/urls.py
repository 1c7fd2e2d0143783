from django.urls import path

from .models import Listing
from .views import browse, keeping, members, structures

urlpatterns = [
    path("carte/", browse.map_page, name="map"),
    path("carte/integrer/", browse.map_embed, name="map_embed"),
    path("carte/donnees.geojson", browse.map_data, name="map_data"),
    path("acteurs/", browse.actors, name="actors"),
    path("acteurs/export.csv", browse.export, {"kind": Listing.Kind.ACTOR}, name="actors_export"),
    path("acteurs/<slug:slug>/", browse.actor, name="actor"),
    path("structures/", browse.structures, name="structures"),
    path("structures/export.csv", browse.export, {"kind": Listing.Kind.STRUCTURE}, name="structures_export"),
    path("structures/nouvelle/", structures.new, name="structure_new"),
    path("structures/semblables/", structures.alike, name="structure_alike"),
    path("structures/invitations/<int:pk>/", keeping.invitation, name="referent_invitation"),
    path("structures/propositions/<int:pk>/", members.proposal, name="structure_proposal"),
    path("structures/appartenances/<int:pk>/", members.member, name="structure_member"),
    path("structures/<slug:slug>/", browse.structure, name="structure"),
    path("structures/<slug:slug>/modifier/", structures.edit, name="structure_edit"),
    path("structures/<slug:slug>/changer/", structures.change, name="structure_change"),
    path("structures/<slug:slug>/demander/", keeping.claim, name="structure_claim"),
    path("structures/<slug:slug>/demander/retirer/", keeping.drop_claim, name="structure_drop_claim"),
    path("structures/<slug:slug>/referents/", keeping.referents, name="structure_referents"),
    path(
        "structures/<slug:slug>/referents/<int:pk>/retirer/",
        keeping.remove_referent,
        name="structure_remove_referent",
    ),
    path(
        "structures/<slug:slug>/invitations/<int:pk>/annuler/",
        keeping.cancel_invitation,
        name="structure_cancel_invitation",
    ),
    path("structures/<slug:slug>/quitter/", keeping.step_down, name="structure_step_down"),
    path("structures/<slug:slug>/personnes/", members.members, name="structure_members"),
    path("structures/<slug:slug>/rejoindre/", members.join, name="structure_join"),
]
