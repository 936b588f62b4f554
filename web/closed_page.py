"""The page of a closed link: the reason, and the form by which people ask for access."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from core.domain.access_requests import ASKABLE
from core.domain.links import LinkState
from core.errors import Problem
from core.services import access_requests
from core.services.sign_up_page import Preview
from web.app_keys import ENGINE, SETTINGS
from web.authentication import find_signed_in
from web.challenges import challenging
from web.closed_texts import CLOSED
from web.pages import PAGES
from web.previewers import is_previewer
from web.previews import closing_moments, preview_of


@dataclass(frozen=True, kw_only=True)
class Asking:
    """The form by which a person asks for access, as it is shown again: what was entered, and what is wrong.

    `status` None: that of the closed link. `again` says when to try again.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)
    status: int | None = None
    notice: str | None = None
    again: Mapping[str, str] = field(default_factory=dict)


NOTHING_ENTERED = Asking()


def purpose(token: str) -> str:
    """Return what the form tokens of a link's forms are for."""
    return f"sign up {token}"


async def show_closed(
    request: web.Request, token: str, preview: Preview, state: LinkState, asking: Asking = NOTHING_ENTERED
) -> web.Response:
    """Say why a link doesn't work, with the form to ask for access, unless it will never work again."""
    pages, closed = request.app[PAGES], CLOSED[state]
    language, now = pages.language(request, preview.organisation), request.app[ENGINE].now()
    return pages.show(
        request,
        "closed.html",
        preview.organisation,
        status=asking.status or _status(request, closed.status),
        closed=closed,
        moments=closing_moments(language, preview, now),
        signed_in=await find_signed_in(request),
        preview=preview_of(request, preview, state),
        is_askable=state in ASKABLE,
        challenge=challenging(request, asked=preview.asks_proof and state in ASKABLE, form=asking.values),
        asking=asking,
        fields=access_requests.fields_of(preview.form),
        email_domains=", ".join(f"@{domain}" for domain in preview.form.email_domains),
        strong_passwords=False,
        action=f"/s/{token}/ask",
        purpose=purpose(token),
        address=f"{request.app[SETTINGS].public_url}/s/{token}",
    )


def _status(request: web.Request, status: int) -> int:
    """Return the status of a closed link's page: previewers show nothing of a page that is an error."""
    return 200 if is_previewer(request) and request.method != "POST" else status
