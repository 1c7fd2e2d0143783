from django.contrib import admin

from .models import AnswerTemplate


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(admin.ModelAdmin):
    """The answers kept ready for the desk."""

    list_display = ("title", "act", "rank")
    list_filter = ("act",)
    search_fields = ("title", "text")
