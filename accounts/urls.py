"""Under /compte/: allauth's addresses, some of which pass through our views first."""

from allauth.account import views as allauth_views
from allauth.account.urls import urlpatterns as allauth
from allauth.mfa.urls import urlpatterns as second_factor
from allauth.mfa.webauthn import views as webauthn
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
    path("email/", views.change_address, name="account_email"),
    path("confirm-email/", views.confirm_address, name="account_email_verification_sent"),
]
# As allauth's, but for the way to remove one.
keys = [
    path("", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("keys/<int:pk>/remove/", views.remove_key, name="mfa_remove_webauthn"),
]
urlpatterns = [
    *ours,
    *(route for route in allauth if route.name not in {own.name for own in ours}),
    path("securite/", include([route for route in second_factor if str(route.pattern) != "webauthn/"])),
    path("securite/webauthn/", include(keys)),
    path("sessions/", include("allauth.usersessions.urls")),
    path("identite/", include("allauth.socialaccount.urls")),
    path("identite/<slug:provider_id>/", views.national_login, name="national_login"),
    path("identite/<slug:provider_id>/retour/", views.national_callback, name="national_callback"),
]
