"""Every field of every model is in the register, and the register names nothing else."""

from accounts.register import LEVELS, own_apps, register


def fields() -> set[str]:
    return {
        f"{config.label}.{model.__name__}.{field.name}"
        for config in own_apps()
        for model in config.get_models()
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if not (field.primary_key and field.auto_created)
    }


def test_every_field_is_declared():
    assert sorted(fields() - set(register())) == []


def test_nothing_else_is_declared():
    assert sorted(set(register()) - fields()) == []


def test_what_concerns_a_person_is_fully_described():
    lacking = [
        name
        for name, entry in register().items()
        if entry.level in ("A", "B", "C")
        and not all([entry.purpose, entry.basis, entry.retention, entry.readers, entry.erased])
    ]
    assert lacking == []
    assert {entry.level for entry in register().values()} <= set(LEVELS)
