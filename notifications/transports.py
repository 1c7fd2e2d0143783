"""How mails leave: SMTP, knowing at each moment whether the server may have taken the mail."""

from __future__ import annotations

import smtplib

from django.core.mail.backends.smtp import EmailBackend


class _Doubting:
    """While the words of a mail go and the server has not answered, nobody can say if it took them."""

    in_doubt = False

    def data(self, msg):
        self.in_doubt = True
        answer = super().data(msg)
        self.in_doubt = False
        return answer


class DoubtingSMTP(_Doubting, smtplib.SMTP):
    pass


class DoubtingSecureSMTP(_Doubting, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's, which also says whether a lost connection leaves a doubt: `in_doubt`."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return DoubtingSecureSMTP if self.use_ssl else DoubtingSMTP

    @property
    def in_doubt(self) -> bool:
        return getattr(self.connection, "in_doubt", False)
