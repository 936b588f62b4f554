"""Alerts, in words: what each is about."""

from collections.abc import Mapping

from bot.wording.phrases import N_
from core.domain.alerts import Alert

ON, OFF = "🟢", "⚪"
NAMES: Mapping[Alert, str] = {
    Alert.FIRST_LEARNER: N_("The first person signed up through a link"),
    Alert.MOSTLY_USED: N_("Most places of a link are used"),
    Alert.FULL: N_("A link is full"),
    Alert.PLACES_UNUSED: N_("A link closes within 48 hours, with places left"),
    Alert.SEATS: N_("Most seats are taken, or none is left for a newcomer"),
    Alert.RUSH: N_("25 people sign up through a link within a minute"),
    Alert.ACCESS_WANTED: N_("Somebody asks for access"),
}
SHORT: Mapping[Alert, str] = {
    Alert.FIRST_LEARNER: N_("First sign-up"),
    Alert.MOSTLY_USED: N_("Nearly full"),
    Alert.FULL: N_("Full"),
    Alert.PLACES_UNUSED: N_("Closes with places left"),
    Alert.SEATS: N_("Seats"),
    Alert.RUSH: N_("Rush"),
    Alert.ACCESS_WANTED: N_("Requests for access"),
}
