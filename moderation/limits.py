"""How often one may report, whatever one reports and wherever from."""

from __future__ import annotations

from allauth.core import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

TOO_MANY_REPORTS = _("Vous avez envoyé beaucoup de signalements aujourd’hui : reprenez demain.")


def may_report(request: HttpRequest) -> bool:
    """Count one more report: by account where there is one, else by address of the network.

    The figures are in ACCOUNT_RATE_LIMITS.
    """
    known = request.user.is_authenticated
    return ratelimit.consume(request, action="report" if known else "report_without_account")
