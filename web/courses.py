"""My Courses: a learner's courses and their progress in them."""

from aiohttp import web

from core.domain.progress import Progress
from core.services import courses
from core.services.sessions import SignedIn
from web import own_details
from web.app_keys import ENGINE
from web.authentication import find_portal, find_signed_in
from web.cookies import COOKIES
from web.course_links import course_opener
from web.form_tokens import check_form_token
from web.forms import read_posted
from web.pages import PAGES
from web.responses import see_other

MY_COURSES = "/courses"


async def home(_request: web.Request) -> web.Response:
    """Redirect to My Courses."""
    return see_other(MY_COURSES)


async def my_courses(request: web.Request) -> web.Response:
    """Show the learner's own courses."""
    portal, now = await find_portal(request), request.app[ENGINE].now()
    if portal is None:
        raise _log_in_first()
    language, link_made = request.app[PAGES].language(request, portal.organisation), portal.learner.password_link_at
    return request.app[PAGES].show(
        request,
        "courses.html",
        portal.organisation,
        courses=[course for course in portal.courses if course.progress is not Progress.COMPLETED],
        completed=[course for course in portal.courses if course.progress is Progress.COMPLETED],
        now=now,
        opened_by=course_opener(request, portal.learner.user_id),
        signed_in=portal.learner,
        is_new=request.app[COOKIES].is_new(request),
        has_joined="joined" in request.query,
        host=request.host,
        offers_telegram=portal.offers_telegram,
        own_purpose=own_details.PURPOSE,
        link_made=link_made and language.moment(link_made, portal.organisation.zone, now=now),
    )


async def open_course(request: web.Request) -> web.Response:
    """Redirect to one of the learner's own courses, which starts it: unless another site or a prefetch asks."""
    learner, engine, course_id = await _learner(request), request.app[ENGINE], int(request.match_info["course_id"])
    if _is_deliberate(request):
        link = await engine.write(courses.begin, learner.user_id, course_id, engine.now())
    else:
        link = await engine.read(courses.link, learner.user_id, course_id)
    if link is None:
        raise web.HTTPNotFound
    return see_other(link)


async def advance(request: web.Request) -> web.Response:
    """Record the learner's progress in one of their own courses: started, or completed."""
    learner, form = await _learner(request), await read_posted(request)
    check_form_token(request, form, "portal")
    try:
        to = Progress(form.get("progress", ""))
    except ValueError:
        raise web.HTTPBadRequest from None
    engine, course_id = request.app[ENGINE], int(request.match_info["course_id"])
    await engine.write(courses.advance, learner.user_id, course_id, to, engine.now())
    return see_other(MY_COURSES)


def _is_deliberate(request: web.Request) -> bool:
    """Return whether a person follows a link of ours, as far as the browser tells (Fetch Metadata)."""
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
    return is_ours and not is_fetched_ahead(request)


def is_fetched_ahead(request: web.Request) -> bool:
    """Return whether nobody has followed the link yet: a browser prefetches it, or a scanner looks at it."""
    return request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", "")


async def _learner(request: web.Request) -> SignedIn:
    """Return who is logged in; redirect others to the log-in, and from there back."""
    learner = await find_signed_in(request)
    if learner is None:
        raise _log_in_first()
    return learner


def _log_in_first() -> web.HTTPSeeOther:
    return web.HTTPSeeOther(f"/login?next={MY_COURSES}")
