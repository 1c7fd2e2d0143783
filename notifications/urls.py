from django.urls import path

from . import desk, views

urlpatterns = [
    path("mon-espace/notifications/", views.notices, name="notices"),
    path("mon-espace/notifications/lues/", views.notices_read, name="notices_read"),
    path("mon-espace/preferences/", views.mail_preferences, name="mail_preferences"),
    path("mon-espace/messages-recus/", views.messages_received, name="messages_received"),
    path("messages/arreter/<str:token>/", views.stop_mails, name="stop_mails"),
    path("moderation/envois/", desk.outbox, name="outbox"),
    path("moderation/envois/<int:pk>/trancher/", desk.outbox_settle, name="outbox_settle"),
    path("moderation/envois/<int:pk>/relancer/", desk.outbox_retry, name="outbox_retry"),
]
