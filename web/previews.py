"""What messengers show of a link that was sent: title, sentence and picture, in the account's language."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from core.domain.links import LinkState
from core.language import Language
from core.services.sign_up_page import Preview
from web.app_keys import ENGINE, SETTINGS
from web.closed_texts import CLOSED
from web.logos import logo_of
from web.pages import PAGES
from web.static_files import PREVIEW_PATH
from web.texts import SIGN_UP_TITLE, for_whom, zone_name


@dataclass(frozen=True, kw_only=True)
class LinkPreview:
    """The values of the Open Graph protocol (https://ogp.me)."""

    title: str
    description: str
    image: str
    locale: str


def preview_of(request: web.Request, preview: Preview, state: LinkState) -> LinkPreview:
    """Return the preview of a link, whatever its state."""
    language = request.app[PAGES].account_language(request, preview.organisation)
    logo = logo_of(preview.organisation)
    if state is LinkState.OPEN:
        title, description = language.gettext(SIGN_UP_TITLE), for_whom(language, preview)
    else:
        closed = CLOSED[state]
        moments = closing_moments(language, preview, request.app[ENGINE].now())
        title, description = language.gettext(closed.title), language.gettext(closed.reason) % moments
    return LinkPreview(
        title=title,
        description=description,
        image=f"{request.app[SETTINGS].public_url}{logo.path if logo else PREVIEW_PATH}",
        locale=language.with_territory,
    )


def closing_moments(language: Language, preview: Preview, now: datetime) -> dict[str, str]:
    """Return when the link opens and ends, in the account's time zone, without line breaks."""
    zone = preview.organisation.zone

    def written(at: datetime) -> str:
        return language.moment(at, zone, now=now).replace(" ", "\N{NO-BREAK SPACE}")

    return {
        "start": written(preview.window.starts_at),
        "end": written(preview.window.ends_at),
        "zone": zone_name(language, zone),
    }
