"""What the changes begin with: each format's sample, and what once was a finding or a hazard of that format."""

from tests.extract_samples.every import SAMPLES
from tests.hazards import HAZARDS

MAX_BYTES = 20_000  # a large seed leaves little time for others


def endings() -> list[str]:
    """Return the formats, by the endings of their samples."""
    return sorted({sample.name.rpartition(".")[2] for sample in SAMPLES})


def seeds(ending: str) -> list[bytes]:
    """Return the samples and the small hazards of one format."""
    samples = [sample.data for sample in SAMPLES if sample.name.endswith(f".{ending}")]
    hazards = [hazard.make() for hazard in HAZARDS if hazard.name.endswith(f".{ending}") and hazard.seconds > 2]
    return samples + [data for data in hazards if 0 < len(data) <= MAX_BYTES]
