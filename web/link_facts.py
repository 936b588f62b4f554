"""What the form's page says of its link: the same for all who see it in one language."""

from collections.abc import Hashable, Mapping

from aiohttp import web

from core.domain.links import LinkState
from core.services.sign_up_page import Preview
from web.app_keys import ENGINE, SETTINGS
from web.pages import PAGES
from web.previews import preview_of
from web.texts import for_whom, open_until


def joining_path(request: web.Request, preview: Preview) -> str | None:
    """Return the path of the page on which a learner joins by the link; None if they can't."""
    return f"/s/{request.match_info['token']}/join" if preview.offers_joining else None


def facts_of(request: web.Request, preview: Preview) -> Mapping[str, Hashable]:
    """Return values for the template of an open link's form."""
    language, form = request.app[PAGES].language(request, preview.organisation), preview.form
    return {
        "fields": form.fields,
        "email_domains": ", ".join(f"@{domain}" for domain in form.email_domains),
        "strong_passwords": form.strong_passwords,
        "consent_version": form.consent_version,
        "for_whom": for_whom(language, preview),
        "open_until": open_until(language, preview, request.app[ENGINE].now()),
        "places_left": preview.places_left,
        "address": f"{request.app[SETTINGS].public_url}/s/{request.match_info['token']}",
        "joining": joining_path(request, preview),
        "department_id": preview.department_id,
        "joined_place": preview.department or preview.organisation.name,
        "preview": preview_of(request, preview, LinkState.OPEN),
    }
