"""The data side of the directory. People's pages are not here: health data is not for browsing."""

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.models import Status

from . import actions as directory
from . import listings
from .models import Structure, Term


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    list_display = ["name", "name_en", "vocabulary", "slug", "rank"]
    list_filter = ["vocabulary"]
    list_editable = ["rank"]
    search_fields = ["name", "name_en", "slug"]
    ordering = ["vocabulary", "rank"]

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        # Addresses of filtered lists name a term by its vocabulary and slug: those that exist keep them.
        return ["vocabulary", "slug"] if obj else []

    def save_model(self, request: HttpRequest, obj: Term, form, change: bool) -> None:
        super().save_model(request, obj, form, change)
        listings.everything_changed()

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        super().delete_model(request, obj)
        listings.everything_changed()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        listings.everything_changed()


@admin.register(Structure)
class StructureAdmin(admin.ModelAdmin):
    list_display = ["name", "acronym", "category", "commune", "status", "confirmed_at"]
    list_filter = ["status", "category"]
    list_select_related = ["category", "commune"]
    search_fields = ["name", "acronym"]
    ordering = ["name"]
    autocomplete_fields = ["commune", "zones", "category", "terms", "themes", "referents"]
    readonly_fields = ["published_at"]
    actions = ["publish", "withdraw"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_readonly_fields(self, request: HttpRequest, obj: Structure | None = None) -> list[str]:
        # What is published keeps its address: others have copied and printed it.
        published = obj is not None and obj.status == Status.PUBLISHED
        return [*self.readonly_fields, "status", *(["slug"] if published else [])]

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        listings.refresh(form.instance)

    @admin.action(description=_("Publier"))
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        for structure in queryset:
            directory.publish(structure, by=request.user)

    @admin.action(description=_("Retirer du répertoire"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet) -> None:
        for structure in queryset:
            directory.withdraw(structure, by=request.user)
