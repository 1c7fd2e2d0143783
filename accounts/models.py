from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> User:
        """Make an account. Without a password nobody can sign in to it until one is set by mail."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> User:
        """Make an administrator: team member, with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, is_team=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who can sign in, known by a mail address. What others see of them is an Actor, elsewhere."""

    class Closed(models.TextChoices):
        """Why an account is closed. It opens again when no reason is left."""

        SUSPENDED = "suspended", _("suspendu par la modération")
        LEAVING = "leaving", _("suppression demandée par la personne")
        HAND = "hand", _("fermé par l’administration")

    email = models.EmailField(
        _("adresse mail"),
        unique=True,
        error_messages={"unique": _("Un compte existe déjà avec cette adresse.")},
    )
    #: Says what `closed_for` says; written by `actions.close` and `actions.open_again`, and by nothing else.
    is_active = models.BooleanField(_("compte ouvert"), default=True, editable=False)
    closed_for = ArrayField(
        models.CharField(max_length=10, choices=Closed),
        verbose_name=_("fermé parce que"),
        default=list,
        blank=True,
        editable=False,
    )
    is_staff = models.BooleanField(_("accès à l’administration"), default=False)
    is_team = models.BooleanField(_("membre de l’équipe"), default=False)
    is_verified_professional = models.BooleanField(_("professionnel vérifié"), default=False)
    ambassador_of = models.ManyToManyField(
        "territories.Territory", verbose_name=_("ambassade"), related_name="ambassadors", blank=True
    )
    is_unconfirmed = models.BooleanField(
        _("adresse jamais confirmée"),
        default=False,
        editable=False,
        help_text=_("Compte demandé en ligne, dont personne n’a encore montré qu’il lit l’adresse."),
    )
    session_epoch = models.PositiveIntegerField(_("génération des sessions"), default=0, editable=False)
    language = models.CharField(
        _("langue des messages"), max_length=5, choices=settings.LANGUAGES, default="fr"
    )
    date_joined = models.DateTimeField(_("inscription"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        constraints = [
            # One spelling per address: with it, `unique` holds whatever the capitals.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message=_("Écrivez l’adresse en minuscules."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=True, closed_for=[])
                | (models.Q(is_active=False) & ~models.Q(closed_for=[])),
                name="user_closed_says_why",
                violation_error_message=_("Un compte fermé l’est pour une raison, et un compte ouvert sans."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def has_duties(self) -> bool:
        """Whether it reads or changes what belongs to others: the team, ambassadors, administrators."""
        return self.is_team or self.is_staff or self.is_superuser or self.ambassador_of.exists()

    @property
    def must_have_second_factor(self) -> bool:
        return settings.SECOND_FACTOR_COMPULSORY and self.has_duties

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Every session carries this hash, read again at each request: a new epoch closes them all.
        base = super()._get_session_auth_hash(secret)
        return salted_hmac("accounts.session_epoch", f"{base}{self.session_epoch}", secret=secret).hexdigest()


class Consent(models.Model):
    """One answer given once by a person about her health themes. Never changed: a later row replaces it."""

    class Purpose(models.TextChoices):
        STORE = "store", _("garder mes thèmes de santé")
        MEMBERS = "members", _("les montrer aux membres")
        EVERYONE = "everyone", _("les montrer à tout le monde")
        MATCHING = "matching", _("m’en servir pour des mises en relation")

    class Channel(models.TextChoices):
        SITE = "site", _("sur le site")
        TEAM = "team", _("saisi par l’équipe")
        DEMO = "demo", _("données de démonstration")

    subject = models.ForeignKey(User, models.CASCADE, related_name="consents", verbose_name=_("personne"))
    purpose = models.CharField(_("usage"), max_length=20, choices=Purpose)
    granted = models.BooleanField(_("accordé"))
    text_version = models.CharField(_("version du texte"), max_length=20)
    text_digest = models.CharField(_("empreinte du texte"), max_length=64)
    channel = models.CharField(_("voie"), max_length=20, choices=Channel)
    recorded_at = models.DateTimeField(_("date"), auto_now_add=True)

    class Meta:
        verbose_name = _("consentement")
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject", "purpose", "-id"], name="consent_latest")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} : {self.granted}"


class BlockQuerySet(models.QuerySet["Block"]):
    def between(self, one: User, other: User) -> BlockQuerySet:
        """Whoever of the two blocked the other: in either case nothing passes between them."""
        return self.filter(models.Q(blocker=one, blocked=other) | models.Q(blocker=other, blocked=one))

    def with_owner_of(self, owner: OuterRef, user: User) -> BlockQuerySet:
        """As `between`, for the rows of an outer query: `owner` refers to the account of each."""
        return self.filter(models.Q(blocker=user, blocked=owner) | models.Q(blocker=owner, blocked=user))

    def around(self, user: User) -> BlockQuerySet:
        """Those `user` blocked and those who blocked her."""
        return self.filter(models.Q(blocker=user) | models.Q(blocked=user))


class Block(models.Model):
    """Someone who does not want to have anything to do with someone else. The other is never told."""

    blocker = models.ForeignKey(
        User, models.CASCADE, related_name="blocks", verbose_name=_("personne qui bloque")
    )
    blocked = models.ForeignKey(
        User, models.CASCADE, related_name="blocked_by", verbose_name=_("personne bloquée")
    )
    created_at = models.DateTimeField(_("date"), auto_now_add=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("blocage")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["blocker", "blocked"],
                name="block_once",
                violation_error_message=_("Cette personne est déjà bloquée."),
            ),
            models.CheckConstraint(
                condition=~models.Q(blocker=models.F("blocked")),
                name="block_not_oneself",
                violation_error_message=_("On ne se bloque pas soi-même."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} → {self.blocked_id}"
