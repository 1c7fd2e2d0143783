"""What every request and every answer goes through."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from core.views import bad_request, page_above

Handler = Callable[[HttpRequest], HttpResponse]


class RefuseMalformedInput:
    """Answer 400 to a NUL byte in a path, a query or a cookie, and to a query whose bytes are no UTF-8.

    PostgreSQL refuses NUL in text, so one such byte in a path, a query, or a session cookie becomes a
    500 deep in a query. It comes before anything reads the session. Bodies are left to forms, whose
    fields refuse NUL by themselves.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_malformed(request):
            return bad_request(request, BadRequest("malformed"))
        return self.get_response(request)

    @staticmethod
    def _is_malformed(request: HttpRequest) -> bool:
        if "\0" in request.path_info:
            return True
        raw = unquote_to_bytes(request.META.get("QUERY_STRING", "").replace("+", " "))
        try:
            query = raw.decode("utf-8")
        except UnicodeDecodeError:
            return True
        return "\0" in query or any("\0" in value for value in request.COOKIES.values())


class SecurityHeaders:
    """The headers Django does not set by itself, on every answer, errors included."""

    PERMISSIONS = "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class SayWhatOnlyTakesForms:
    """Where a form is sent, nothing opens: an address reloaded, shared, or come back to after signing in gets
    a page that leads on, in place of the browser's own error.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            response.content = render_to_string("405.html", {"above": page_above(request.path_info)})
        return response


class PrivatePagesStayPrivate:
    """Nobody's page is kept by a shared cache, or shown again by the back button after signing out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # The whole page and its part share an address: a cache must not give one for the other.
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        # The header first: what says how it is kept is often what never asked who is there.
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
