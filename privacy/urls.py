from django.urls import path

from . import views

urlpatterns = [
    path("mon-espace/mes-donnees/", views.my_data, name="my_data"),
    path("mon-espace/mes-donnees/copie/", views.ask_export, name="ask_export"),
    path("mon-espace/mes-donnees/copie/<uuid:export_id>/", views.data_export, name="data_export"),
    path("mon-espace/supprimer-mon-compte/", views.close_account, name="close_account"),
    path("compte-ferme/", views.account_closed, name="account_closed"),
    path("compte-ferme/<str:token>/", views.closed_account, name="closed_account"),
    path("donnees-personnelles/", views.about_data, name="privacy"),
    path("donnees-personnelles/registre/", views.register_of_data, name="register_of_data"),
    path("donnees-personnelles/motif-de-lecture/", views.state_purpose, name="state_purpose"),
    path("donnees-personnelles/lectures/", views.health_reads, name="health_reads"),
]
