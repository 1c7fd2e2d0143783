from django.urls import path

from .views import blocks, conversations, writing

MESSAGES = "mon-espace/messages/"
ONE = f"{MESSAGES}<uuid:public_id>/"

urlpatterns = [
    path("acteurs/<slug:slug>/ecrire/", writing.to_actor, name="write_to_actor"),
    path("structures/<slug:slug>/ecrire/", writing.to_structure, name="write_to_structure"),
    path("acteurs/<slug:slug>/bloquer/", blocks.block_actor, name="block_actor"),
    path(MESSAGES, conversations.listing, name="conversations"),
    path(ONE, conversations.conversation, name="conversation"),
    path(f"{ONE}lu/", conversations.read, name="conversation_read"),
    path(f"{ONE}decliner/", conversations.decline, name="conversation_decline"),
    path(f"{ONE}coordonnees/", conversations.give_address, name="conversation_address"),
    path(f"{ONE}signaler/", conversations.report, name="conversation_report"),
    path(f"{ONE}bloquer/", blocks.block_conversation, name="conversation_block"),
    path("mon-espace/blocages/", blocks.listing, name="blocks"),
    path("mon-espace/blocages/<int:pk>/lever/", blocks.lift, name="unblock"),
]
