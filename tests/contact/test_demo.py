"""The conversations of the demonstration."""

import pytest

from contact.demo import demo_conversations
from contact.models import Conversation
from tests import makers


@pytest.mark.django_db
def test_one_in_each_state_and_again_the_same():
    member, referent, ambassador = (makers.member() for _each in range(3))
    structure = makers.structure(referents=[referent])
    for _each in range(3):
        makers.actor()
    for _run in range(2):
        member.blocks.all().delete()
        assert demo_conversations(member, referent, ambassador, structure) == 5
        assert sorted(one.state for one in Conversation.objects.of(member)) == [
            "answered",
            "expired",
            "waiting",
            "waiting",
        ]
        assert [one.state for one in Conversation.objects.filter(asker=referent)] == ["declined"]
