from core.services import progress, progress_lookup, report_charts, report_exports, reports
from core.services.progress import Cohort, Which
from tests.support.rich_account import LISTENER, MANAGER, NOBODY, OWNER, RECRUITER
from tests.support.scene import NOW, Scene


def _cohorts(scene: Scene) -> tuple[Cohort, ...]:
    return (
        Cohort(),
        Cohort(profile_id=scene.profile("Autumn, sales")),
        Cohort(profile_id=scene.profile("Unused")),
        Cohort(department_id=scene.department("Support")),
        Cohort(department_id=scene.department("Empty")),
        Cohort(course_id=scene.course("Safety first")),
        Cohort(course_id=scene.course("Unused")),
        Cohort(profile_id=scene.profile("Removed")),
        Cohort(department_id=NOBODY),
        Cohort(course_id=NOBODY),
    )


def of_many(scene: Scene) -> None:
    for cohort in _cohorts(scene):
        scene.show(progress.overview, OWNER, cohort, NOW)
        scene.show(progress.begin_export, OWNER, cohort, NOW)
        scene.show(progress.exported, OWNER, cohort, NOW, size=2)
        scene.show(progress.chosen, OWNER, cohort)
    scene.show(progress.overview, MANAGER, Cohort(), NOW)
    scene.show(progress.overview, RECRUITER, Cohort(), scene.later(days=1))
    scene.show(progress.courses_in_scope, OWNER)
    scene.show(progress.courses_in_scope, RECRUITER)
    for text in ("support", "Safety first", "anna@example.com", "1", "Safty", "nobody", ""):
        scene.show(progress_lookup.find, OWNER, text)
    for text in ("boris", "Learner Boris", "learner", "Bors", "vera"):
        scene.show(progress_lookup.find, OWNER, text)
        scene.show(progress_lookup.find, MANAGER, text)


def of_each(scene: Scene) -> None:
    for cohort in _cohorts(scene)[:6]:
        for which in Which:
            scene.show(progress.page, OWNER, cohort, which, NOW)
    scene.show(progress.page, OWNER, Cohort(), Which.ALL, NOW, size=2)
    scene.show(progress.page, OWNER, Cohort(), Which.ALL, NOW, after=7, size=2)
    for name in ("Anna", "Boris", "Gita", "Lena", "Elena", "Wanda", "Maria"):
        scene.show(progress.of_person, OWNER, scene.person(name), NOW)
    scene.show(progress.of_person, MANAGER, scene.person("Gita"), NOW)


def reporting(scene: Scene) -> None:
    for period in ("week", "last week", "month", "year", "30 days", "1.11. - 15.11.", "yesterday", "soon", "2027"):
        scene.show(reports.sign_ups, OWNER, period, NOW)
    scene.show(reports.sign_ups, OWNER, "year", NOW, most=1)
    for actor in (MANAGER, RECRUITER, LISTENER):
        scene.show(reports.sign_ups, actor, "month", NOW)
    for period in ("week", "month", "year"):
        scene.show(report_charts.chart, OWNER, period, NOW)
        scene.show(report_exports.outline, OWNER, period, NOW, figures=True)
        scene.show(report_exports.page, OWNER, period, NOW)
    scene.show(report_charts.chart, MANAGER, "month", NOW)
    scene.show(report_exports.page, OWNER, "year", NOW, before=5, size=2)
    scene.show(report_exports.begin, OWNER, "year", NOW)
