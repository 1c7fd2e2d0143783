"""A small real piece of France for every test, loaded once by the same loader as the whole."""

from territories.actions import load_official

#: Ariège and its neighbours, which an EPCI crosses; the three towns with arrondissements; one place overseas
#: with a région, one without.
DEPARTEMENTS = ("09", "11", "13", "31", "34", "65", "69", "75", "81", "974", "987")


def load_some_territories() -> None:
    """Load these départements in about two seconds."""
    load_official(departements=DEPARTEMENTS)
