from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/home.html")


def my_space(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/my_space.html")


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@login_not_required
def territory(request: HttpRequest, level: str, code: str) -> HttpResponse:
    return render(request, "portal/territory.html")
