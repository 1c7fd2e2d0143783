"""Every change to what is contributed and to the queue."""

from .cases import claim, close, drop, open_case, release, settle
from .contributions import (
    archive,
    confirm,
    decide,
    drop_revision,
    keep,
    revise,
    submit,
    take_back,
    tell_owners,
)

__all__ = [
    "archive",
    "claim",
    "close",
    "confirm",
    "decide",
    "drop",
    "drop_revision",
    "keep",
    "open_case",
    "release",
    "revise",
    "settle",
    "submit",
    "take_back",
    "tell_owners",
]
