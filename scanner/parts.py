"""The parts that are built from settings alone: readers, a queue's limits, a judge with or without a language model."""

import os
import time
from typing import TYPE_CHECKING

from scanner.ask.address import Address, AddressRefused, address_of
from scanner.ask.allowance import Allowance
from scanner.checks.base import Judge
from scanner.checks.registry import judge
from scanner.extract.isolation import ExtractPool, Limits
from scanner.extract.ocr import missing
from scanner.extract.reading import Reading
from scanner.jobs import base as jobs
from scanner.settings import Settings, SettingsError

if TYPE_CHECKING:
    from scanner.ask.chat import ChatAsker


def reader(settings: Settings) -> ExtractPool:
    """Return a pool of isolated reader processes. Raises SettingsError where what is set cannot be used here."""
    limits = Limits(seconds=settings.read_seconds, memory_mb=settings.read_memory_mb)
    if settings.ocr and (because := missing(settings.ocr)):
        raise SettingsError(f"CROSSWALK_OCR cannot be used here: {because}.")
    if settings.office and not os.access(settings.office, os.X_OK):
        raise SettingsError("CROSSWALK_OFFICE names no program that can be run here.")
    reading = Reading(
        pdf=settings.pdf_reader, ocr=settings.ocr, ocr_seconds=0.6 * settings.read_seconds, office=settings.office
    )
    return ExtractPool(workers=settings.readers or os.cpu_count() or 1, limits=limits, reading=reading)


def limits_of(settings: Settings) -> jobs.Limits:
    """Return what the queue holds to."""
    return jobs.Limits(
        per_connection=settings.per_connection,
        lease_seconds=settings.lease_seconds,
        max_attempts=settings.max_attempts,
        grace_seconds=settings.grace_seconds,
    )


def judge_of(settings: Settings) -> Judge:
    """Return the judge that the settings name. Raises SettingsError where a language model is wanted and cannot be."""
    return judge(asker_of(settings))


def address_of_model(settings: Settings) -> Address | None:
    """Return where a language model is asked, or None where nobody is. Raises SettingsError: text may not go there."""
    if settings.judge != "llm":
        return None
    try:
        return address_of(settings.llm_url, settings.llm_model, text_may_go_to=settings.llm_text_may_go_to)
    except AddressRefused as error:
        raise SettingsError(f"No language model can be asked: {error}.") from error


def text_goes(settings: Settings) -> str:
    """Say which text goes where, for pages, doctor and local scans; "" while nobody is asked. Raises SettingsError."""
    address = address_of_model(settings)
    return address.where if address else ""


def asker_of(settings: Settings) -> "ChatAsker | None":
    """Return who is asked beside the rules, or None. Raises SettingsError: not installed, or text may not go there."""
    address = address_of_model(settings)
    if address is None:
        return None
    try:
        from scanner.ask.chat import ChatAsker  # noqa: PLC0415 -- an extra, not loaded unless it is wanted
    except ModuleNotFoundError as error:
        raise SettingsError(f"A language model needs the extra crosswalk[llm]: {error.name} is missing.") from error
    return ChatAsker(
        address=address,
        key=settings.llm_key.get_secret_value(),
        seconds=settings.llm_seconds,
        allowance=Allowance(calls=settings.llm_calls, tokens=settings.llm_tokens, clock=time.monotonic),
    )
