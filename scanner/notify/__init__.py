"""Gap reports into messages, and messages to people."""
