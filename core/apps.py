from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Base templates, components, paging, middleware: no models, only the database's own tools."""

    name = "core"
