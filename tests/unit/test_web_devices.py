"""The coarse names by which people tell their log-ins apart."""

import pytest

from web.devices import LONGEST, name_of


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15", "Safari, Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/142.0 Mobile/15E148 Safari/604.1",
            "Chrome, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 YaBrowser/25.10 Mobile Safari/537.36", "Yandex, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("x" * LONGEST + "Firefox/1", ""),
    ],
)
def test_a_browser_and_its_system_are_named_without_versions(user_agent: str, name: str) -> None:
    assert name_of(user_agent) == name
