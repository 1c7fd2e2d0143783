from collections.abc import Set as AbstractSet

from django.db import transaction

from .models import Consent, User

#: Version of the words a person reads beside the boxes; kept with each answer.
CONSENT_TEXT_VERSION = "2026-11"


@transaction.atomic
def record_consent(
    user: User, purpose: Consent.Purpose, *, granted: bool, channel: Consent.Channel
) -> Consent:
    """Write down an answer. What depends on it is refreshed by the action that calls this one."""
    return Consent.objects.create(
        subject=user, purpose=purpose, granted=granted, channel=channel, text_version=CONSENT_TEXT_VERSION
    )


def granted_purposes(user: User) -> AbstractSet[str]:
    """The purposes whose latest answer is yes."""
    latest = user.consents.order_by("purpose", "-pk").distinct("purpose")
    return {consent.purpose for consent in latest if consent.granted}
