"""No mail carries a credential: what looks like one is masked, wherever a document, a name or a sentence holds it."""

import re

MASK = "•••"
_WORDS = (
    r"pass(?:word|wort|code|phrase)|kennwort|pwd|secret|api[ _-]?key|access[ _-]?key|token|pin(?: code)?"
    r"|senha|contraseña"
)
_SAYS = r"(?:[:=]|\b(?:is|are|lautet|ist|é|es)\b:?)"
_SAID = re.compile(
    rf"(?P<before>\b(?:{_WORDS})\b[\"'”’»)]?\s*{_SAYS}\s*[\"'“‘«(]?)[^\s\"'”’»),;]+",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://)[^\s/@]+@", re.IGNORECASE)
# By their look: what AWS, GitHub, GitLab, Slack, Google and we give out, JSON Web Tokens (RFC 7519), PEM (RFC 7468).
_KNOWN = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}\b|\bgithub_pat_\w{20,}\b|\bglpat-[\w-]{16,}"
    r"|\bcw_[0-9a-f]{32,}"
    r"|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\bya29\.[\w-]{10,}|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)",
    re.DOTALL,
)


def masked(text: str) -> str:
    """Return the text with all that looks like a password, a key or a token replaced by dots."""
    text = _KNOWN.sub(MASK, text)
    text = _IN_ADDRESS.sub(rf"\g<before>{MASK}@", text)
    return _SAID.sub(rf"\g<before>{MASK}", text)
