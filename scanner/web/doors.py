"""Which doors anybody may knock at so often: the two ends of a sign-in, and what programs send."""

from starlette.responses import Response

from scanner.app import App
from scanner.web.api import PLACE
from scanner.web.api.problems import Problems, Trouble
from scanner.web.render import Frame, failure_page
from scanner.web.telling import HOOKS, too_many_deliveries
from scanner.web.throttle import Taken, Throttle
from scanner.web.throttled import Door


def doors(app: App, problems: Problems) -> tuple[Door, ...]:
    """Return them, each with an allowance for every address."""

    def too_many_sign_ins(_: Taken) -> Response:
        return failure_page(
            Frame(pack=app.packs[0]),
            status=429,
            title="Too many sign-ins",
            sentence="From your address sign-ins were begun more often than a person does.",
            what_to_do="Wait a minute and try again.",
        )

    settings, of_programs = app.settings, Throttle(app.settings.address_per_minute)
    return (
        Door(
            paths=("/connections/connect", "/connections/sign-in", "/connections/callback"),
            throttle=Throttle(settings.sign_in_per_minute),
            refusal=too_many_sign_ins,
        ),
        Door(paths=(f"{PLACE}/",), throttle=of_programs, refusal=lambda _: problems.answer(Trouble.TOO_OFTEN)),
        Door(paths=(HOOKS,), throttle=of_programs, refusal=too_many_deliveries),
    )
