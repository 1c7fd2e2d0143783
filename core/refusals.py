"""What the database refuses, in the words its constraint was given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction


@contextmanager
def refusal_as(error: type[Exception], model: type[models.Model]) -> Iterator[None]:
    """Turn what a constraint of `model` refuses inside the block into `error`, with its French message.

    What was written in the block is undone; another refusal goes on as it is: it is a mistake of ours.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        name = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", None)
        for constraint in model._meta.constraints:
            if constraint.name == name:
                raise error(constraint.get_violation_error_message()) from refused
        raise
