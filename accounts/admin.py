from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import actions
from .models import User

#: What changes what an account may do: its sessions of before are closed.
POWERS = {
    "is_team",
    "is_staff",
    "is_superuser",
    "is_verified_professional",
    "ambassador_of",
    "groups",
}


class UserForm(UserChangeForm):
    closed_by_hand = forms.BooleanField(
        label=_("fermé par l’administration"),
        required=False,
        help_text=_("Une suspension se décide et se lève dans la modération."),
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["closed_by_hand"].initial = User.Closed.HAND in self.instance.closed_for


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form = UserForm
    ordering = ["email"]
    list_display = ["email", "is_active", "is_team", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_team", "is_staff", "is_verified_professional"]
    search_fields = ["email"]
    autocomplete_fields = ["ambassador_of"]
    readonly_fields = ["date_joined", "last_login", "is_active", "closed_for"]
    fieldsets = [
        (None, {"fields": ["email", "password", "language"]}),
        (_("Ouverture"), {"fields": ["is_active", "closed_for", "closed_by_hand"]}),
        (_("Rôles"), {"fields": ["is_verified_professional", "is_team", "ambassador_of"]}),
        (_("Administration"), {"fields": ["is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})
    ]
    actions = ["remove_second_factor"]

    def save_related(self, request, form, formsets, change) -> None:
        super().save_related(request, form, formsets, change)
        if change and POWERS & set(form.changed_data):
            actions.close_sessions(form.instance)
        if "closed_by_hand" in form.changed_data:
            act = actions.close if form.cleaned_data["closed_by_hand"] else actions.open_again
            act(form.instance, User.Closed.HAND)

    @admin.action(description=_("Retirer le second facteur (téléphone ou clé perdus)"))
    def remove_second_factor(self, request, queryset) -> None:
        """Once it is sure, by another way than a mail, that it is really she who asks."""
        for user in queryset:
            actions.remove_second_factor(user)
        messages.success(
            request, _("C’est fait. À sa prochaine connexion, la personne en ajoutera un autre.")
        )

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Never from here: an account is erased by its owner, with all that is hers (`privacy.erasure`)."""
        return False
