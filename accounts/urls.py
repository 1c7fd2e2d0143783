"""Under /compte/: allauth's addresses, two of which pass through our views first."""

from allauth.account.urls import urlpatterns as allauth
from django.urls import path

from . import views

ours = [
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("confirm-email/", views.confirm_address, name="account_email_verification_sent"),
]
urlpatterns = [*ours, *(route for route in allauth if route.name not in {own.name for own in ours})]
