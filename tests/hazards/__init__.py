"""Files made to do harm, each with the end that reading it must come to; made when asked for, and kept nowhere."""

from tests.hazards.base import Hazard
from tests.hazards.markup import PAGES
from tests.hazards.office import OFFICE
from tests.hazards.pdf import PDFS
from tests.hazards.sheets import SHEETS
from tests.hazards.texts import OTHERS

HAZARDS: tuple[Hazard, ...] = PDFS + OFFICE + SHEETS + PAGES + OTHERS

__all__ = ["HAZARDS", "Hazard"]
