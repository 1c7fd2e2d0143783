from django.urls import path

from . import views

urlpatterns = [
    path("messages/arreter/<str:token>/", views.stop_mails, name="stop_mails"),
]
