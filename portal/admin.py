from django.contrib import admin
from django.core.cache import cache
from django.db import models
from django.http import HttpRequest

from .context import CACHE_KEY
from .models import Instance


@admin.register(Instance)
class InstanceAdmin(admin.ModelAdmin):
    autocomplete_fields = ["region"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Instance.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Instance | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Instance, form, change: bool) -> None:
        obj.pk = 1
        super().save_model(request, obj, form, change)
        cache.delete(CACHE_KEY)
