"""What the page of one's own data says was done. It is translated where it is shown."""

from collections.abc import Mapping

from web.texts import N_

OWN_NOTES: Mapping[str, str] = {  # by what the address says
    "saved": N_("Your change is saved."),
    "password": N_("Your new password is saved. Everywhere else you are logged out."),
    "sent": N_("An email is on its way to the new address. Open the link in it to change over."),
    "address": N_("You log in with your new email address now."),
}
