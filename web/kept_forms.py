"""Forms that come back as they were filled in, but for the password, while the database can't be used."""

from collections.abc import Mapping

from aiohttp import web

from core.domain.form_fields import BUILT_IN
from web.pages import PAGES
from web.responses import SOON, to_send_again


def sign_up(request: web.Request, form: Mapping[str, str]) -> web.Response:
    """Show a posted sign-up form. The account's own fields, whose labels aren't known then, go along unseen."""
    fields = [field for field in BUILT_IN if field.name in form]
    shown = {field.name for field in fields}
    hidden = {name: value for name, value in form.items() if name not in shown}
    return _show(
        request,
        "kept_sign_up.html",
        fields=fields,
        values=form,
        hidden=hidden,
        email_domains="",
        strong_passwords=False,
    )


def log_in(request: web.Request, *, identifier: str, next_page: str) -> web.Response:
    """Show the log-in form."""
    values = {"identifier": identifier, "next_page": next_page, "problem": "unavailable", "missing": (), "again": {}}
    return _show(request, "log_in.html", **values)


def _show(request: web.Request, template: str, **values: object) -> web.Response:
    return to_send_again(request.app[PAGES].show(request, template, None, status=503, **values), SOON)
