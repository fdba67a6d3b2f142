"""Closed word lists of the substance test: what commands, what advises, and what talks without saying anything."""

import re

from scanner.checks.folding import Folded

_VERBS = """
    activate add adjust adopt allow alter analyse analyze append apply approve archive arrange ask assign attach
    avoid back backup ban bind block book call cancel change check choose clean clear click clone close collect
    compare compress conduct configure confirm connect consider contact convert copy correlate create cut
    deactivate decide decline define delete deny deploy destroy detach disable disconnect discard dispose
    distribute document download drag drop edit email employ enable encrypt enforce ensure enter erase escalate
    establish examine exclude execute exit expand export extract fill filter find fix follow forward generate
    get give go grant harden hold identify implement import inform initialise initialize inspect install
    instruct integrate investigate invoke isolate issue join keep kill label launch leave limit link list listen
    load lock log look lower maintain make map mark measure migrate minimise minimize modify monitor mount move
    name navigate notify obtain open operate order pair pass paste patch perform permit pick place plan plug
    point post power prepare press prevent print proceed prohibit protect provide provision prune pull purge
    push put quarantine raise read rebuild record redact redirect reduce refer refrain refresh refuse reissue
    register regenerate reject remove rename renew replace replicate report request require reset resolve
    restart restore restrict retain retrieve return revert review revoke rotate run sanitise sanitize save scan
    schedule scrub search secure segment select send separate serve set setup shred shut sign specify start stop
    store submit subscribe switch sync synchronise synchronize take tell terminate test tick touch track train
    transfer transmit transport treat tune turn type unblock uncheck uncomment uninstall unlock unpair unplug
    unregister update upgrade upload use validate verify visit wait walk watch whitelist wipe withdraw write
    zero verwende verwenden nutze nutzen aktualisiere aktualisieren installiere installieren ändere ändern prüfe
    prüfen deaktiviere deaktivieren aktiviere aktivieren lösche löschen sichere sichern starte starten stoppe
    stoppen wähle wählen öffne öffnen schließe schließen trenne trennen melden melde sperre sperren richte
    stelle stellen trage befolge beachte beachten entferne entfernen lade gehe achte kontrolliere kontrollieren
    setze setzen
"""
IMPERATIVES = frozenset(_VERBS.split())
# Also nouns: they command only before an article, a pronoun or a particle.
_NOUNS = """
    access backup log label name list plan power record report request test point order post book link map issue
    patch update upgrade review monitor contact document process scan pair range limit filter archive export
    import access email key
"""
NOUN_LIKE = frozenset(_NOUNS.split())
HARDLY_VERBS = frozenset(
    {"access", "log", "backup", "email", "key", "list", "plan", "power", "process", "record", "report"}
)
_SMALL_WORDS = """
    the a an all any each every your this that these those its their his her it them up out off in into on to
    for at only no not one two three both what which whether if when where how by with from as through via
    regularly periodically always access audit user security new strong different separate
"""
DETERMINERS = frozenset(_SMALL_WORDS.split())
_MODAL_VERBS = """
    must should shall ought muss müssen musst soll sollte sollten solltest darf dürfen darfst
"""
MODALS = frozenset(_MODAL_VERBS.split())
ADVICE = Folded(
    r"\b(?:(?:strongly |highly )?recommend(?:ed|s|ation)?|advis(?:e|ed|able)|make sure|be sure|ensure|(?:need"
    r"|needs|has|have|is|are) (?:to|required to|expected to|directed to|obliged to)|"
    r"you (?:can|may|need|must|should|have)|(?:administrators?|operators?|users?|customers?|owners?|integrators?"
    r"|hospitals?|organizations?|staff|nurses?|who\w*) (?:can|may|must|should|need|are responsible"
    r"|is responsible|have to|has to)|"
    r"(?:is|are|remains?) (?:the )?responsib\w+|(?:can|may) be (?:set|configured|changed|disabled|enabled"
    r"|removed|purged|deleted|adjusted|restricted|revoked|withdrawn|found|achieved|mitigated|restored|created|added"
    r"|overridden|applied|installed|replaced|restarted|encrypted|limited|blocked|reset|accessed|found)|"
    r"it is (?:best|good|important|crucial|essential|necessary|better|wise)|best practice|never|do not|don[’']t"
    r"|please|always|at your own|"
    r"empfohlen|empfehlen|bitte|(?:ist|sind) (?:\w{1,20} ){0,4}zu \w+"
    r"|(?:ist|sind|werden) (?:\w{1,30} ){0,8}\w{2,10}zu\w{3,15}en|\w{3,20}en Sie|erforderlich|notwendig"
    r"|niemals|stellen sie sicher|(?:wird|werden) (?:\S{1,40} ){0,12}(?:angelegt|gesperrt|gelöscht|entzogen))\b"
)
VALUE = re.compile(
    r"(?i:\b\d{1,5}\s?/\s?(?:tcp|udp)\b|\b(?:tcp|udp|ports?)\s?[:/]?\s?\d{1,5}\b|\b(?:tls|ssl)\s?v?\s?1(?:\.[0-3])?\b)"
    r"|\bTLSv1|(?<![\d.])\d{1,3}(?:\.\d{1,3}){2}\.(?:\d{1,3}|[x*])(?:/\d{1,2})?(?![\d.])"
    r"|(?i:\b(?:\d+(?:[.,]\d+)?|two|three|four|five|six|seven|eight|nine|ten|twelve|zwei|drei|vier"
    r"|fünf|sechs|acht|zehn|zwölf)[\s-]?(?:%|s|sec|seconds?|min|minutes?|h|hours?|days?|weeks?"
    r"|months?|years?|characters?"
    r"|digits?|bits?|bytes?|attempts?|mb|gb|times|copies|sekunden?|minuten?|stunden?|tagen?|wochen?|monaten?"
    r"|jahren?|zeichen)\b)"
    r"|\b\w[\w.-]{0,60}\s?=\s?[\w\"'/<$\[{-]|(?i:\b(?:true|false|aes|sha|rsa|ecdsa)[\s-]?\d{0,4}\b)"
    r"|(?<![\w.])/(?:etc|var|opt|usr|home|mnt|data|srv|tmp|api|root)\b/?|\b[a-z]+(?:_[a-z0-9]+){1,6}\b"
    r"|\b[a-z]+(?:\.[a-z_]+){2,6}\b|\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b|\b[a-z]+[A-Z]\w{2,40}\b|--[a-z][\w-]{2,40}"
    r"|`[^`\n]{2,120}`|``|\b(?:chmod|chown|sudo|ufw|iptables|openssl|docker|kubectl)\b|[\w)] > [A-Z]|→"
    r"|\"\w{2,40}\"\s?:|https?://(?:localhost|\d)|\b(?:\w+\.)?(?:ya?ml|json|conf|ini|properties|env|xml|toml"
    r"|cfg)\b|[\"“”'‘’*](?:[A-Z]\w{1,30}\s?){1,4}[\"“”'‘’*]"
)
COMMAND = re.compile(
    r"(?m)^\s*(?:\$|>|#)?\s*(?:sudo|docker|kubectl|helm|apt(?:-get)?|yum|dnf|systemctl|service|chmod|chown|ufw"
    r"|iptables|openssl|git|curl|wget|cp|mv|rm|mkdir|tar|gpg|psql|pg_dump|pg_restore|createdb|terraform|aws|az"
    r"|gcloud|ssh|scp|rsync|crontab|find|useradd|usermod|passwd|keytool|certbot|pip|npm|python3?|java|make"
    r"|mysql(?:dump)?|mongodump|mongorestore|vi|nano|cat|tail|grep|su|cd|export|set|net|powershell"
    r"|[a-z]{2,12}ctl)\b"
)
SETTING = re.compile(r"(?m)^\s*[\"']?[A-Za-z][\w.\-\[\] ]{1,80}[\"']?\s*(?:=|:|\s)\s*\S")
SOURCE_CODE = re.compile(
    r"(?m)^\s*(?:class |def |public |private |#include|import |using |namespace |struct |void |auto |const "
    r"|template ?<|return |if \(|func |package |function |std::)|;\s*$"
)
DIAGRAM = re.compile(
    r"^\s*(?:flowchart|graph|sequenceDiagram|classDiagram|subgraph)\b|\bsubgraph\b|^\s*style \w+ fill|[─-╿▀-◿]"
    r"|\+-{3,}|-->|--\|\>|[|]\s{3,}[|]"
)
PLACEHOLDER = Folded(
    r"\bto be added(?=[\s.)]*$)|\bTB[DCA]\b|\bTODO\b|\bto be (?:determined|defined|finali[sz]ed|completed"
    r"|written|decided|confirmed"
    r"|filled)\b|\{\{.{0,80}?\}\}|<(?:insert|enter|describe|todo)\b[^>\n]{0,80}>|"
    r"\[(?:insert|enter|your|describe|add|list|name|specify|company|product|date|fill|provide|state|todo"
    r"|assignment|selection|x+)\b[^\]\n]{0,200}\](?!\()|\blorem ipsum\b|this (?:document|chapter"
    r"|section) will (?:describe|list|contain)|_{4,}|\bnothing has been written\b|\bxxx+\b|"
    r"\bplaceholder\b|\bnoch (?:festzulegen|zu ergänzen)\b"
)
POINTER = Folded(
    r"^\W{0,4}(?:[\w ,-]{1,40}:\s)?(?:please )?"
    r"(?:for (?:more|further|details|additional|information)|see(?: also)?|refer|consult"
    r"|more (?:information|details)|further (?:information|reading|details)|siehe|weitere informationen"
    r"|details (?:are|can)|learn more|check out|documentation:|read (?:more|the|how)|you can (?:also )?read)\b|"
    r"\b(?:available (?:up)?on request|is not covered here|are not covered here|(?:is|are) (?:described|covered"
    r"|explained|documented|specified|discussed|detailed) (?:in|elsewhere)|described in the|see the \w+ (?:guide"
    r"|manual)|in a separate document)\b"
)
# Whatever else such a sentence says, its business is to send its reader elsewhere.
LEARN_MORE = Folded(
    r"\b(?:learn|read|find out) more (?:about|in|at|on)\b|\bfor (?:more|further"
    r"|additional) (?:information|details|help)\b"
    r"|\bweitere (?:informationen|hinweise|einzelheiten)\b"
)
FUTURE = Folded(
    r"\b(?:roadmap|coming soon|future (?:release|version|enhancement|work|edition|improvement)s?"
    r"|later (?:release|version|edition)|planned (?:for|in|to)|(?:is|are) planned|not yet (?:implemented"
    r"|available|supported|ready|written)|"
    r"will be (?:added|decided|defined|recorded|implemented|available|supported|introduced"
    r"|developed|published|made available|addressed"
    r"|provided in)|under development|being prepared|in (?:the|our) next (?:release|version)"
    r"|working on (?:it|this|a fix)|work in progress|upcoming|is intended to be (?:added"
    r"|implemented)|künftig|geplant|in (?:einer )?(?:späteren|zukünftigen|künftigen|nächsten) version|arbeiten daran)\b"
)
MARKETING = Folded(
    r"\b(?:this (?:document|guide|file|manual) (?:satisfies|fulfils|meets|complies|covers all)"
    r"|ignore (?:all |any |your |the )*"
    r"(?:previous |earlier )?instructions|military[- ]grade|bank[- ]grade|enterprise[- ]grade"
    r"|world[- ]class|industry[- ]leading"
    r"|best[- ]in[- ]class|state[- ]of[- ]the[- ]art|cutting[- ]edge|peace of mind|seamless(?:ly)?|unparalleled"
    r"|unmatched|(?:fully|100 ?%) (?:compliant|secure|certified)|"
    r"security (?:is in our dna|comes first|is our)|zero[- ]trust ready|future[- ]proof|award[- ]winning"
    r"|trusted by|takes? .{0,30}security .{0,20}seriously|robust security|comprehensive security"
    r"|next[- ]generation|designed from the ground up|market[- ]leading|höchste[rn]? sicherheit|rundum sorglos)\b"
)
LAW = Folded(
    r"\b(?:manufacturers? (?:shall|should|must|may|are|is expected|needs?)|device makers?|member states?"
    r"|competent authorit(?:y|ies)|notified bod(?:y|ies)|pursuant to|this (?:regulation|directive|standard"
    r"|guidance)|covered entit(?:y|ies)|premarket|the sponsor|federal and state laws?|organi[sz]ation-defined"
    r"|organizational (?:systems?|polic\w+|personnel|missions?)|organizations (?:may|can|consider|choose|permit"
    r"|maintain)"
    r"|hersteller (?:muss|müssen|soll))\b|^\W{0,6}require(?:d|ment)s?:"
)
LEGAL = Folded(
    r"\b(?:in no event|without (?:any )?warrant\w+|[\"“”]as is[\"“”]|shall not be (?:held )?liable"
    r"|be (?:held )?liable for"
    r"|disclaims? (?:all|any)|limitation of liability|indemnif\w+|governed by the laws?|keine haftung|haftet nicht)"
)
INTERNAL = Folded(
    r"\b(?:developers? (?:must|should|shall|to|need)|(?:development|security|engineering|qa|project"
    r"|product security|quality|our) (?:team|lead|engineers?|staff) (?:shall|must|should|will|is|are|to)"
    r"|(?:shall|must) (?:be )?(?:documented|approved|reviewed|signed|verified|filed) (?:by|in)"
    r"|product security shall|quality shall|technical writing shall|"
    r"pull requests?|code reviews?|unit tests?|integration tests?|regression tests?|ci/cd|\bCI\b|static analysis"
    r"|sprint|merge request|code freeze|threat model(?:l)?ing|penetration test(?:ing|s)?|fuzz(?:ing)?"
    r"|secure coding|sbom generation|contributors?|parameteri[sz]ed quer(?:y|ies)|input validation|\beval\("
    r"|issue tracker)\b"
)
DENIAL = Folded(
    r"^\W{0,4}(?:none|n/?a|not applicable|no known|there are no known|keine bekannten|nicht zutreffend)\b"
    r"|\b(?:no known (?:residual|security|vulnerab|remaining)|no residual (?:security )?risks?|does not address"
    r"|(?:is|are) out of scope|not part of this|all (?:residual )?risks (?:are|were) acceptable"
    r"|no .{0,40} (?:guidance|instructions|guidelines) (?:is|are) (?:given|provided))\b"
)
CAPABILITY = Folded(
    r"\b(?:supports?|provides?|offers?|features?|includes?|comes with|allows? for|implements?|leverages?"
    r"|ermöglicht|unterstützt|bietet)\b"
)
LINK = re.compile(
    r"(?:https?|link|xref):?[^\s\])>]{3,300}|\]\([^)\n]{1,300}\)|\[\[?[^\]\n]{1,120}\]\]?"
    r"|`[^`<\n]{1,120}<[^>\n]{1,300}>`_{0,2}|:\w{2,12}:`[^`\n]{1,200}`"
)
VERB = Folded(
    r"\b(?:is|are|was|were|has|have|had|be|been|can|may|will|does|do|must|should|shall|cannot|\w{3,20}(?:s|ed|en"
    r"|et|t)|ist|sind|wird|werden|hat|haben|kann|können|muss)\b"
)

CONTROL = Folded(
    r"^\W{0,6}(?:✅|✓|☑)|\b(?:prevent(?:s|ed|ing)?|block(?:s|ed|ing)?|mitigat(?:e|es|ed)|detect(?:s|ed)?|"
    r"protect(?:s|ed)? (?:against|from)|to protect|avoids?|verhindert|schützt|automatically (?:disabled|locked"
    r"|blocked|logged out|revoked))\b"
)
# What is withheld from others is a protection, though it is told by a "not": "does not upload anything".
WITHHELD = Folded(
    r"\b(?:no|not|never|nothing|without|nicht|kein\w{0,2}|niemals)\b.{0,30}\b"
    r"(?:upload\w*|transmit\w*|shar(?:e|es|ed|ing)|collect\w*|sell"
    r"|sells|sold|track\w*|analytics|cloud|third[- ]part(?:y|ies)"
    r"|accessible (?:to|from|by) the (?:public|internet|outside)"
    r"|leaves? your|hochgeladen|weitergegeben|übertragen)\b"
    r"|\b(?:no|never|not|nicht|kein\w{0,2})\s(?:\w{1,30}\s){0,2}"
    r"(?:hard-?coded|plain ?text|clear ?text|unencrypted|klartext)\b"
    r"|\b(?:plain ?text|clear ?text|unencrypted|klartext)\s(?:\w{1,30}\s){0,2}"
    r"(?:is|are|wird|werden) (?:never|not|nie|nicht)\b"
    r"|\bno (?:\w{1,30} ){0,3}(?:accounts?|log-?in|registration)\b.{0,20}\b(?:required|needed|necessary)\b"
)
NEGATION = Folded(
    r"\b(?:not|no|cannot|can['’]t|doesn['’]t|don['’]t|isn['’]t|without|never|neither|nor|lacks?|missing|unable|"
    r"unencrypted|nicht|kein\w{0,2}|ohne)\b"
)
MAKER = Folded(r"^\W{0,4}(?:we|our|wir|unser\w*)\b")
ASKS = Folded(r"\b(?:recommend\w*|suggest\w*|advis\w+|ask|urge|you|your|customers?|hospitals?|empfehlen)\b")
STANDARD_ITEM = re.compile(r"^\W{0,4}(?:ISO|IEC|NIST|EU|FDA|HIPAA|GDPR|DSGVO|AAMI|EN|DIN|BSI|OWASP|CWE)\b.{0,120}$")
ADVISING_TITLE = Folded(
    r"\b(?:best practices?|recommend\w*|checklist|responsibilit\w+|required|requirements? for (?:operators?|users?|"
    r"customers?)|hardening|guidelines?|tips|to[- ]do|must|should|before (?:you|going|production)|empfehlung\w*|"
    r"maßnahmen|mitigations?|remediation|solutions?)\b"
)
DEVELOPER_TITLE = Folded(
    r"\b(?:development|developers?|contribut\w+|unit tests?|running (?:the )?tests|testing|building from source|"
    r"build(?:ing)? the|code of conduct|licen[cs]e|secure coding|code reviews?|coding|continuous integration|roadmap|"
    r"future (?:work|enhancements?|improvements?)|acknowledg\w+|entwicklung)\b"
)
# A table under such a title or head says who may do what.
RIGHTS_TITLE = Folded(r"\b(?:roles?|permissions?|privileges?|access rights|user types?|rolle\w*|berechtigung\w*)\b")
# Commands that only look: they show a state and set nothing.
LOOKS = re.compile(
    r"^\s*(?:\$|>)?\s*(?:sudo\s)?(?:curl|wget|openssl (?:s_client|x509)|ping|telnet|nmap|ps|ss|netstat|grep|cat"
    r"|ls|tail|head"
    r"|journalctl|echo|less|dig|nslookup|df|du|top|docker (?:ps|logs|compose ps)|kubectl (?:get|describe|logs)"
    r"|systemctl status|git (?:log|status)|\|)\b"
)
FINITE = Folded(
    r"\b(?:is|are|was|were|has|have|can|may|cannot|must|stays?|keeps?|remains?|holds?|contains?|ist|sind|wird|werden"
    r"|hat|haben|kann|können|bleib\w+|verbleib\w+|enthält|enthalten)\b"
)
# A sentence that the product lacks something tells a limit, not how to set it.
LACKS = Folded(
    r"\b(?:does|do|is|are|did) not (?:currently |yet |itself |deliberately )?(?:provide|support|offer|implement"
    r"|includ|enforc"
    r"|supported|provided|available)\w*|\bdeliberately does not\b|\b(?:unterstützt|bietet)\b.{0,40}\b(?:nicht"
    r"|kein\w{0,2})\b"
)
# What kinds of documents are told by, and statements too: looked for once in each.
SIGNS = (
    ("placeholder", PLACEHOLDER),
    ("future", FUTURE),
    ("marketing", MARKETING),
    ("law", LAW),
    ("legal", LEGAL),
    ("internal", INTERNAL),
    ("denial", DENIAL),
    ("advice", ADVICE),
)
