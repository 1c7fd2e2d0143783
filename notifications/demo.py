"""The mailbox of the demonstration, as pages: every journey that goes by mail can be followed.

It shows the mails of everyone, codes included: it is routed only where the demonstration is allowed.
"""

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from . import mailbox


@login_not_required
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/mailbox.html", {"mails": mailbox.latest()})


@csp_update({"frame-src": [SELF]})
@login_not_required
@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    found = mailbox.find(name)
    if found is None:
        raise Http404
    return render(request, "notifications/mail.html", {"mail": found})


#: The one page with styles inside, since a mail cannot do otherwise: alone in its frame, nothing else open.
FRAMED = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "frame-ancestors": [SELF],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}


@csp(FRAMED)
@xframe_options_sameorigin
@login_not_required
@require_safe
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    found = mailbox.find(name)
    if found is None:
        raise Http404
    return HttpResponse(found.html)


urlpatterns = [
    path("boite-aux-lettres/", mails, name="mailbox"),
    path("boite-aux-lettres/<slug:name>/", mail, name="mailbox_mail"),
    path("boite-aux-lettres/<slug:name>/page/", mail_html, name="mailbox_html"),
]
