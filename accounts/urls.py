"""Under /compte/: allauth's addresses, some of which pass through our views first."""

from allauth.account import views as allauth_views
from allauth.account.urls import urlpatterns as allauth
from django.db import transaction
from django.urls import include, path

from . import views
from .proof import confirmed_identity

ours = [
    # One commit whichever branch is taken: the time of several would tell which.
    path("signup/", transaction.atomic(allauth_views.signup), name="account_signup"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("reauthenticate/code/", views.reauthenticate_by_code, name="reauthenticate_by_code"),
    path("password/set/", confirmed_identity(allauth_views.password_set), name="account_set_password"),
    path("confirm-email/", views.confirm_address, name="account_email_verification_sent"),
]
urlpatterns = [
    *ours,
    *(route for route in allauth if route.name not in {own.name for own in ours}),
    path("securite/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("identite/", include("allauth.socialaccount.urls")),
    path("identite/<slug:provider_id>/", views.national_login, name="national_login"),
    path("identite/<slug:provider_id>/retour/", views.national_callback, name="national_callback"),
]
