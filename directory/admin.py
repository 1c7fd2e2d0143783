"""The data side of the directory. People's pages are not here: health data is not for browsing."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.models import Status
from moderation.workflow import Impossible

from . import actions as directory
from . import listings
from .contributions import structure_changed
from .models import Charter, OldAddress, Structure, Term


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
    readonly_fields = ["published_at", "verified_at"]
    actions = ["publish", "withdraw", "verify"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_readonly_fields(self, request: HttpRequest, obj: Structure | None = None) -> list[str]:
        # What is published keeps its address: others have copied and printed it.
        published = obj is not None and obj.status == Status.PUBLISHED
        return [*self.readonly_fields, "status", *(["slug"] if published else [])]

    def save_related(self, request: HttpRequest, form, formsets, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        structure_changed(form.instance)

    @admin.action(description=_("Publier"))
    def publish(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, directory.publish)

    @admin.action(description=_("Retirer du répertoire"))
    def withdraw(self, request: HttpRequest, queryset: QuerySet) -> None:
        self._each(request, queryset, directory.withdraw)

    @admin.action(description=_("Marquer comme vérifiée aujourd’hui"))
    def verify(self, request: HttpRequest, queryset: QuerySet) -> None:
        for structure in queryset:
            directory.verify_structure(structure)

    def _each(self, request: HttpRequest, queryset: QuerySet, act) -> None:
        """Do it to each; say which could not, and why."""
        for structure in queryset:
            try:
                act(structure, by=request.user)
            except Impossible as refused:
                self.message_user(request, f"{structure} : {refused}", messages.ERROR)


class OldAddressForm(forms.ModelForm):
    """A path of before, and the path of the structure it leads to. Those of people are not for browsing."""

    leads_to = forms.SlugField(
        label=_("conduit à la structure"),
        help_text=_("La fin de son adresse : /structures/…/"),
        max_length=120,
    )

    class Meta:
        model = OldAddress
        fields = ["path"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["leads_to"] = getattr(self.instance.target, "slug", "")

    def clean_leads_to(self) -> str:
        structure = Structure.objects.filter(slug=self.cleaned_data["leads_to"]).first()
        if structure is None:
            raise ValidationError(_("Aucune structure n’a cette adresse."))
        self.instance.target = structure
        return structure.slug


@admin.register(OldAddress)
class OldAddressAdmin(admin.ModelAdmin):
    form = OldAddressForm
    list_display = ["path", "target"]
    search_fields = ["path"]
    ordering = ["path"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        structures = super().get_queryset(request).filter(content_type__model="structure")
        return structures.prefetch_related("target")


@admin.register(Charter)
class CharterAdmin(admin.ModelAdmin):
    """A version in force is read only: another one follows it."""

    list_display = ["version", "published_at"]

    def has_change_permission(self, request: HttpRequest, obj: Charter | None = None) -> bool:
        return super().has_change_permission(request, obj) and not _is_in_force(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Charter | None = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and not _is_in_force(obj)


def _is_in_force(charter: Charter | None) -> bool:
    return bool(charter and charter.published_at and charter.published_at <= timezone.now())
