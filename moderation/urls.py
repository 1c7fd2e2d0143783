from django.urls import path

from .views import answers, appeals, desk, freshness, people, reports

urlpatterns = [
    path("moderation/", desk.desk, name="moderation_desk"),
    path("moderation/dossiers/<int:pk>/", desk.case, name="moderation_case"),
    path("moderation/dossiers/<int:pk>/prendre/", desk.claim, name="moderation_claim"),
    path("moderation/dossiers/<int:pk>/rendre/", desk.release, name="moderation_release"),
    path("moderation/dossiers/<int:pk>/decider/", desk.decide, name="moderation_decide"),
    path("moderation/dossiers/<int:pk>/noter/", desk.note, name="moderation_note"),
    path("moderation/personnes/<int:pk>/", people.person, name="moderation_person"),
    path("moderation/personnes/<int:pk>/confiance/", people.trust, name="moderation_trust"),
    path("moderation/personnes/<int:pk>/avertir/", people.warn, name="moderation_warn"),
    path("moderation/personnes/<int:pk>/suspendre/", people.suspend, name="moderation_suspend"),
    path("moderation/sanctions/<int:pk>/lever/", people.lift, name="moderation_lift"),
    path("moderation/reponses/", answers.answers, name="moderation_answers"),
    path("moderation/reponses/nouvelle/", answers.answer, name="moderation_answer_new"),
    path("moderation/reponses/<int:pk>/", answers.answer, name="moderation_answer"),
    path("moderation/reponses/<int:pk>/retirer/", answers.retire_answer, name="moderation_answer_retire"),
    path("moderation/fraicheur/", freshness.freshness, name="moderation_freshness"),
    path("signaler/suivi/<str:token>/", reports.follow_up, name="moderation_report_follow_up"),
    path("signaler/<slug:kind>/<slug:slug>/", reports.report, name="moderation_report"),
    path("contester/<str:token>/", appeals.appeal, name="moderation_appeal"),
    path("confirmer/<str:token>/", freshness.confirm, name="moderation_confirm"),
]
