"""Closed word lists of residual risks: what heads them, what speaks of security, and what is past."""

import re

from scanner.checks.folding import Folded

RISK_COLUMN = Folded(
    r"\b(?:risks?|residual|remain\w*|weakness\w*|vulnerabilit\w+|threats?|gaps?|left unprotected|limitation"
    r"|what was wrong|what (?:could|can) happen|schwachstelle\w*|risik\w+|finding|known issue)\b"
)
ACTION_COLUMN = Folded(
    r"\b(?:what .{0,30}\bdo|how to handle|actions?|mitigations?|controls?|recommend\w*|remediation|compensating"
    r"|workaround|operator|customer|handling|measures?|maßnahmen?|response|countermeasure\w*"
    r"|was .{0,30}\btun|abhilfe|vorgehen|gegenmaßnahmen?)\b"
)
ACTION_LEAD = Folded(
    r"\b(?:mitigat\w+|recommend\w*|workaround|compensating|countermeasures?|remediation|maßnahmen?|what to do"
    r"|operator action|controls?)\b"
)
SAFETY = Folded(
    r"\b(?:misdiagnos\w+|hazards?|harm|injur\w+|infection|benefit outweighs|clinical benefit|wrong (?:dose|value"
    r"|reading)|skin|therapy|insulin)\b"
)
SECURITY = Folded(
    r"\b(?:secur\w*|cyber\w*|attack\w*|unauth\w*|flood\w*|denial|usb|password\w*|credential\w*|encrypt\w*"
    r"|plain ?text|clear ?text"
    r"|tls|ssl|https?|"
    r"malicious|malware|ransom\w*|intercept\w*|exploit\w*|vulnerab\w*|privacy|confidential\w*|phi|ephi"
    r"|authenti\w*|access|"
    r"token\w*|certificate\w*|key|keys|network|firewall|data|signed|erase|traces|retain\w*|persist\w*|patients?"
    r"|spoof\w*|tamper\w*|hack\w*|breach\w*|leak\w*"
    r"|expos\w*|"
    r"sicherheits\w*|angreifer\w*|angriff\w*|verschlüssel\w*|kennwort|passw\w*|patientendaten|zugriff\w*)\b"
)
SECURITY_TITLE = Folded(r"\b(?:secur\w*|cyber\w*|sicherheits\w*|privacy|datenschutz\w*|hardening|vulnerab\w*)\b")
EARLIER = Folded(r"\b(?:earlier versions?|what was wrong|fixed|behoben)\b")
BEFORE = Folded(r"\bin (?:version )?v?\d+\.[\d.]+(?:,| and earlier| to v?\d)")
PURPOSE = Folded(r"^\W{0,4}(?:this|the|dieser?s?) (?:report|document|section|chapter|list|table|bericht|dokument)\b")
PAST = Folded(
    r"\b(?:fixed in|was fixed|were fixed|has been fixed|resolved in|in earlier versions|behoben|korrigiert"
    r"|patched in|no longer)\b"
)
# What a line of release notes calls a hole that older versions have, and what stands over such lines.
FLAW = Folded(
    r"\bCVE-\d{4}-\d{4,7}\b|\bvulnerabilit(?:y|ies)\b|\bsecurity (?:fix\w*|issues?|holes?|bugs?|patch\w*)\b"
    r"|\bhard-?coded\b|\b(?:XSS|XXE|CSRF|SQL injection)\b|\b(?:schwachstelle|sicherheitslücke)\w*\b"
)
FIXES_TITLE = Folded(
    r"\b(?:fixed |resolved )?security (?:fixes|issues|notes|patches|bugs)\b|\bsicherheits(?:korrekturen|lücken)\b"
)
VERSION = re.compile(r"\bv?\d{1,4}\.\d{1,4}")
SUBJECTLESS = Folded(r"^\W{0,4}(?:do not|don[’']t|never|avoid)\b")
BRACKETS = re.compile(r"\([^()\n]{1,200}\)")
