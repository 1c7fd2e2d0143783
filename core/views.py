from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.loader import render_to_string


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say in plain words that the request could not be read. Touches neither session nor database."""
    return HttpResponseBadRequest(render_to_string("400.html"))
