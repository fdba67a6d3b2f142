"""An invented maker of health software and its Drive: the sources of its files, and what they must prove."""
