"""My Courses: a learner's courses, and how far they are."""

from aiohttp import web

from core.services import account, courses
from core.services.courses import Progress
from core.services.sessions import SignedIn
from web.forms import read_posted
from web.pages import PAGES, see_other

MY_COURSES = "/courses"


async def home(_request: web.Request) -> web.Response:
    """Lead to My Courses."""
    return see_other(MY_COURSES)


async def my_courses(request: web.Request) -> web.Response:
    """Show the learner's own courses."""
    site, learner = request.app[PAGES], await _learner(request)
    now = site.engine.now()
    mine = await site.engine.read(courses.mine, learner.user_id, now)
    organisation = await site.engine.read(account.organisation)
    return site.show(request, "courses.html", organisation, courses=mine, now=now, signed_in=learner)


async def advance(request: web.Request) -> web.Response:
    """Move the learner's own course on: started, or completed."""
    site, learner, form = request.app[PAGES], await _learner(request), await read_posted(request)
    site.check_ticket(request, form, "portal")
    try:
        to = Progress(form.get("progress", ""))
    except ValueError:
        raise web.HTTPBadRequest from None
    await site.engine.write(courses.advance, learner.user_id, int(request.match_info["course_id"]), to)
    return see_other(MY_COURSES)


async def _learner(request: web.Request) -> SignedIn:
    """Give who is logged in; others are led to the log-in and back."""
    learner = await request.app[PAGES].who(request)
    if learner is None:
        log_in_first = f"/login?next={MY_COURSES}"
        raise web.HTTPSeeOther(log_in_first)
    return learner
