"""Official territories are read here; health territories are composed here."""

from django.contrib import admin
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from .actions import compose_health_territory, recompose
from .forms import HealthTerritoryForm
from .models import Level, Territory


@admin.register(Territory)
class TerritoryAdmin(admin.ModelAdmin):
    form = HealthTerritoryForm
    list_display = ["name", "code", "nature_shown", "context", "population"]
    list_filter = ["level", "kind"]
    search_fields = ["search_key", "code"]
    search_help_text = _("Nom, code postal ou code INSEE")
    ordering = ["-weight", "id"]
    show_full_result_count = False
    list_per_page = 50

    @admin.display(description=_("nature"))
    def nature_shown(self, territory: Territory) -> str:
        return territory.nature

    def get_search_results(self, request, queryset, search_term):
        """The same search as everywhere: names without accents, postal codes, slips of the keyboard."""
        if not search_term:
            return queryset, False
        found = queryset.order_by().search(search_term, limit=50)
        return queryset.filter(pk__in=[territory.pk for territory in found]), False

    def get_form(self, request, obj=None, **kwargs):
        if obj is not None and obj.level != Level.HEALTH:
            kwargs["form"] = ModelForm
        return super().get_form(request, obj, **kwargs)

    def get_fields(self, request, obj=None):
        if obj is None or obj.level == Level.HEALTH:
            return ["name", "kind", "code", "composition"]
        return ["name", "level", "code", "context", "population", "lat", "lon"]

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.level == Level.HEALTH)

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.level == Level.HEALTH)

    def get_actions(self, request):
        """No deletion in bulk: it would not look at the level of each."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request, obj, form, change):
        chosen = {key: form.cleaned_data[key] for key in ("name", "kind")}
        chosen["communes"] = form.cleaned_data["composition"]
        if change:
            recompose(obj, **chosen)
        else:
            made = compose_health_territory(code=form.cleaned_data["code"], **chosen)
            obj.__dict__.update(made.__dict__)
