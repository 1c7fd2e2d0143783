"""What a browser says of itself, in words."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

#: What is looked for, in this order: each also says the names of those it wants to be taken for.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """ "Firefox sur Android", from a User-Agent header."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), _("Un navigateur"))
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), _("un appareil inconnu"))
    return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
