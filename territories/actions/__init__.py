"""What changes territories: loading the official ones, composing those of health."""

from .health import compose_health_territory, recompose
from .official import load_official

__all__ = ["compose_health_territory", "load_official", "recompose"]
