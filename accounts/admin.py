from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.utils.translation import gettext_lazy as _

from .models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    ordering = ["email"]
    list_display = ["email", "is_active", "is_team", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_team", "is_staff", "is_verified_professional"]
    search_fields = ["email"]
    autocomplete_fields = ["ambassador_of"]
    readonly_fields = ["date_joined", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "password", "language"]}),
        (_("Rôles"), {"fields": ["is_active", "is_verified_professional", "is_team", "ambassador_of"]}),
        (_("Administration"), {"fields": ["is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})
    ]
