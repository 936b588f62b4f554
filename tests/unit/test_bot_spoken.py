"""Commands that people say in a word or two, without a slash."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.input.spoken import LEAVING, OTHERS, command_in_words, period_of_report
from bot.receiving.routes import BY_NAME


@pytest.mark.parametrize(
    ("said", "command"),
    [
        ("menu", "menu"),
        ("МЕНЮ", "menu"),
        ("menú", "menu"),
        ("Помощь!", "help"),
        ("who joined?", "history"),
        ("how many came?", "report"),
        ("Кто пришёл?", "history"),
        ("кто пришел", "history"),
        ("¿Quién falta?", "missing"),
        ("  new link ", "newprofile"),
        ("отмена", "cancel"),
        ("Report", "report"),
        ("привет", "start"),
        ("who hasnt started", "progress"),
        ("Who hasn’t started?", "progress"),
        ("whos missing", "missing"),
        ("remind", "missing"),
        ("напомнить", "missing"),
        ("quién no ha venido", "missing"),
        ("¿Quien no ha venido?", "missing"),
        ("quién ha venido", "history"),
    ],
)
def test_a_word_or_two_are_a_command(said: str, command: str) -> None:
    assert command_in_words(said, leaving=False) == command


@pytest.mark.parametrize("said", ["", "?", "people of Riga", "menu menu", "anna@example.com", "m" * 100_000])
def test_anything_else_is_none(said: str) -> None:
    assert command_in_words(said, leaving=False) == ""


@pytest.mark.parametrize(("said", "command"), [("cancel", "cancel"), ("меню", "menu"), ("people", ""), ("ссылки", "")])
def test_only_what_leaves_is_understood_where_all_else_may_be_an_answer(said: str, command: str) -> None:
    assert command_in_words(said, leaving=True) == command


def test_each_leads_to_a_command_and_no_word_to_two() -> None:
    called = {**LEAVING, **OTHERS}
    assert set(called) <= set(BY_NAME)
    for name, words in called.items():
        assert {command_in_words(word, leaving=False) for word in (name, *words.split(","))} == {name}


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("Report last month", "last month"),
        ("reports for october.", "for october"),
        ("informe del mes pasado", "del mes pasado"),
        ("отчёт за прошлый месяц", "за прошлый месяц"),
        ("Report since Monday", "since Monday"),
        ("отчёт с понедельника", "с понедельника"),
        ("informe desde el lunes", "desde el lunes"),
        ("report for the last 24 hours", "for the last 24 hours"),
        ("report 2 weeks ago", "2 weeks ago"),
        ("How many joined since Monday?", "since Monday"),
        ("сколько человек пришло за прошлую неделю?", "за прошлую неделю"),
        ("¿Cuántos se registraron en los últimos 7 días?", "en los últimos 7 días"),
        ("how many joined", ""),
        ("how many joined us", ""),
        ("report december 2030", "december 2030"),  # which is ahead: the report says so
        ("report", ""),
        ("report card", ""),
        ("people last month", ""),
        ("m" * 100_000, ""),
    ],
)
def test_a_period_behind_a_word_for_a_report_is_the_reports(said: str, period: str) -> None:
    assert period_of_report(said, ZoneInfo("Europe/Riga"), datetime(2026, 11, 23, 12, tzinfo=UTC)) == period
