"""The charter, for everyone to read and for members to sign."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import actions
from ..charter import sections
from ..forms.charter import CharterForm
from ..models import Charter


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def charter(request: HttpRequest) -> HttpResponse:
    """The version in force, and for someone signed in the box to sign it, or the date she did."""
    in_force = Charter.objects.in_force()
    if in_force is None:
        raise Http404
    signature = None
    if request.user.is_authenticated:
        signature = in_force.signatures.filter(user=request.user).first()
    form = CharterForm(request.POST if request.method == "POST" else None, charter=in_force)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return redirect("account_login")
        if signature or form.is_valid():
            actions.sign_charter(in_force, user=request.user)
            messages.success(request, _("Merci, votre signature est gardée."))
            return redirect("charter")
    context = {
        "charter": in_force,
        "sections": sections(in_force.text),
        "signature": signature,
        "form": form,
    }
    return render(request, "directory/charter.html", context)
