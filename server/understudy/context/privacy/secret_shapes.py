"""What secrets look like in a text: a table of the shapes that their makers document, and of names they are given to.

The shapes are from the vendors' own descriptions of their tokens and from GitHub's list of secret scanning patterns.
Lengths are taken as least lengths, so that no end of a longer token is left. A shape is looked for only where one of
its `needles` stands in the text, which is what makes the table cheap. No shape goes on into the next line, nor looks
ahead without a limit: a text may be made to take long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

WORD = r"[A-Za-z0-9_-]"
FULL_LINE = 40  # key files have 64 or 76 characters in a line, some tools wrap earlier
SHORTEST_RANDOM = 12
SHORTEST_PASSWORD = 8
LONGEST_WORD = 16  # a longer value of three kinds of characters may be words with a number
# Of the neighbouring characters in a text, the share that are of different kinds (small letter, capital, digit). In
# random base-62 text it is 0.62, in random hexadecimal 0.47; in `camelCaseNames` it is 0.2 to 0.3, in words 0.
LEAST_MIXED = 0.3
LEAST_MIXED_KEY = 0.45
LEAST_MIXED_NAME, LEAST_DIGITS = 0.4, 3  # of what may be a name with a number or two in it
HEX = re.compile(r"(?=[a-f-]*[0-9])(?=[0-9-]*[a-f])[0-9a-f-]{20,}", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z_$][\w$.:=/-]*")
# Values that stand for a secret to be put in: `${TOKEN}`, `<password>`, `%s`, `{{ key }}`, `read("key")`, `name=value`.
PUT_IN = re.compile(r"[${<%*(]|[A-Za-z_][\w.]*[(\[]|[A-Za-z_]\w*=(?!=|\Z)|\.{3}")
STANDS_FOR = re.compile(r"\$[{(]|\$[A-Z_]+\Z|<|\{\{|\{\w*\}\Z|%[sd(]|\*+\Z|\.{3}")
VERSION = re.compile(r"[Vv$]?\d+\Z")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of secret looks like. The secret is the one group with a name, or else the whole match, when it
    `fits`. It begins with one of the `needles`, or has one `within`; they are in small letters when the case of the
    shape is open (`any_case`)."""

    name: str
    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    fits: Callable[[str], bool] = lambda _: True
    any_case: bool = False
    within: bool = False

    def matches(self, text: str, lower: str) -> Iterator[re.Match[str]]:
        """The places in `text` that have this shape. `lower` is the text in small letters, as long as it is.

        The string search finds a needle in a tenth of the time that an expression takes to.
        """
        if self.within:
            if any(needle in text for needle in self.needles):
                yield from self.pattern.finditer(text)
            return
        searched = lower if self.any_case else text
        for needle in self.needles:
            at = searched.find(needle)
            while at >= 0:
                match = self.pattern.match(text, at)
                if match is not None:
                    yield match
                at = searched.find(needle, at + 1 if match is None else match.end())


def mixed(text: str) -> float:
    """The share of neighbours of different kinds, between 0 and 1; what separators part are no neighbours."""
    kinds = [_kind(character) for character in text]
    changes = sum(one != other and "" not in (one, other) for one, other in pairwise(kinds))
    return changes / max(1, len(text) - 1)


def _kind(character: str) -> str:
    if character.isdigit():
        return "0"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    return "" if character in "-_./: " else "?"


def is_random(value: str) -> bool:
    """Whether a value looks drawn by chance, as keys and tokens are, and not made of words and a version."""
    if len(value) < SHORTEST_RANDOM or PUT_IN.match(value):
        return False
    if HEX.fullmatch(value):
        return True
    digits = sum(map(str.isdigit, VERSION.sub("", value)))
    return digits > 0 and mixed(value) >= (LEAST_MIXED if digits > 1 else LEAST_MIXED_KEY)


def is_key_line(value: str) -> bool:
    """Whether a full line of base64 looks like one of a key: a list of long names has none."""
    return len(value) >= FULL_LINE and "_" not in value and is_random(value) and mixed(value) >= LEAST_MIXED_KEY


def is_password(value: str) -> bool:
    """Whether a value looks like a password: of three kinds of characters, or drawn by chance."""
    if len(value) < SHORTEST_PASSWORD or PUT_IN.match(value):
        return False
    kinds = {_kind(character) for character in value} - {""}
    if len(kinds) < 3 or "0" not in kinds:
        return is_random(value)
    return len(value) <= LONGEST_WORD or "?" in kinds or is_random(value)


def is_bare(value: str) -> bool:
    """Whether a value without quotes is none of the program's own names, or several with dots and the like between."""
    digits = sum(map(str.isdigit, VERSION.sub("", value)))
    return NAME.fullmatch(value) is None or (digits >= LEAST_DIGITS and mixed(value) >= LEAST_MIXED_NAME)


def is_given(value: str) -> bool:
    """Whether a value in the place of a secret is one, however simple, and not something that stands for it."""
    return STANDS_FOR.match(value) is None


def _token(name: str, *needles: str, of: str, least: int, before: str = r"(?<![A-Za-z0-9])") -> Shape:
    """A token that begins with one of `needles` and goes on with `least` or more of the characters `of`."""
    beginnings = "|".join(map(re.escape, needles))
    return Shape(name, needles, re.compile(rf"{before}(?:{beginnings}){of}{{{least},}}"))


@dataclass(frozen=True, slots=True)
class Name:
    """A part of the names to which secrets are given, in small letters, after one of the words `of` where there are
    some; what is assigned is a secret when it `fits`."""

    part: str
    fits: Callable[[str], bool]
    of: tuple[str, ...] = ()


NAMES = (
    Name("pass", is_password),
    Name("pwd", is_password),
    Name("secret", is_random),
    Name("token", is_random),
    Name("credential", is_random),
    Name("auth", is_random),
    Name("salt", is_random),
    Name(
        "key",
        is_random,
        (
            *("api", "access", "auth", "account", "admin", "app", "client", "encryption", "license", "master"),
            *("private", "service", "session", "shared", "signing", "signature", "storage", "webhook"),
        ),
    ),
)

# After a part of a name, the rest of it and what is assigned, in quotes or up to a blank: `key: str = "…"`,
# `key: &'static str = "…"`, `key[] = "…"`, `Key { get; set; } = "…"`, `"key": "…"`, `key => '…'`, `KEY=…`, `--key …`,
# `key("…")`, `key = decoded("…")`. A string may still be open while it is typed.
ASSIGNED = re.compile(
    r"""[\w.-]{0,40}+(?:\[\d*\]|["'\])}]{0,3})(?:[ \t]*\{[ \t]*get;[\w; ]{0,40}\})?"""
    r"""(?:[ \t]*+:[ \t]*[\w.\[\] |&'<>?*]{1,40}?[ \t]*=[ \t]*|[ \t]*+(?::=|=>|===?|!==?|=|:|,|\()[ \t]*+|[ \t]++)"""
    r"""(?:(?:[A-Za-z_][\w.:]{0,60})?\([ \t]*)?"""
    r"""(?:[brfu@]{0,2}(?P<quote>["'`])(?P<quoted>[^\s"'`]{8,8000})(?:(?P=quote)|(?=["'`\s])|$)"""
    r"""|(?P<bare>[^\s"'`,;(){}\[\]<>]{8,8000}))""",
    re.MULTILINE,
)

SHAPES = (
    _token("AWS access key id", "AKIA", "ASIA", "ABIA", "ACCA", "A3T", of="[A-Z0-9]", least=16, before=""),
    Shape(
        "AWS secret key",
        ("aws",),
        re.compile(r"aws.{0,64}?[\"'](?P<secret>[A-Za-z0-9/+]{40})[\"']", re.IGNORECASE),
        any_case=True,
    ),
    _token("AWS Bedrock key", "ABSK", "bedrock-api-key-", of="[A-Za-z0-9+/=]", least=40),
    _token("GitHub token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", of="[A-Za-z0-9_.-]", least=30, before=""),
    _token("GitHub fine-grained token", "github_pat_", of=r"\w", least=22, before=""),
    _token(
        "GitLab token",
        *("glpat-", "gloas-", "gldt-", "glrt-", "glrtr-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-"),
        *("glffct-", "glwt-"),
        of="[A-Za-z0-9_.-]",
        least=16,
    ),
    _token("GitLab runner token", "GR1348941", of=WORD, least=16),
    Shape("GitLab session", ("_gitlab_session=",), re.compile(r"_gitlab_session=(?P<secret>[0-9a-z]{16,})")),
    Shape(
        "Slack token",
        ("xox", "xapp-", "xwfp-"),
        re.compile(r"(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-(?=[A-Za-z-]{0,40}\d)[A-Za-z0-9-]{3,}", re.IGNORECASE),
        any_case=True,
    ),
    Shape(
        "webhook",
        ("hooks.slack.com/", "/api/webhooks/", "webhook.office.com/"),
        re.compile(
            r"(?:hooks\.slack\.com/(?:services|workflows|triggers)/|/api/webhooks/|webhook\.office\.com/webhookb2/)"
            r"(?P<secret>[\w@/.-]{8,})",
            re.IGNORECASE,
        ),
        any_case=True,
    ),
    Shape(
        "Stripe key",
        ("k_live_", "k_test_", "whsec_", "sk_org_"),
        re.compile(r"(?:(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)|sk_org)|whsec)_[A-Za-z0-9+/=_]{16,}"),
        within=True,
    ),
    _token("Google API key", "AIza", of=WORD, least=33, before=""),
    _token("Google OAuth secret", "GOCSPX-", of=WORD, least=20),
    _token("Google OAuth token", "ya29.", of="[A-Za-z0-9_.-]", least=20),
    _token("Google refresh token", "1//0", of=WORD, least=30),
    _token("npm token", "npm_", of="[A-Za-z0-9]", least=30),
    Shape(
        "npm registry token",
        (":_authToken=", ":_password=", ":_auth="),
        re.compile(r":_(?:authToken|password|auth)=[ \t]*[\"']?(?P<secret>[^\s\"']{8,})"),
        is_given,
    ),
    _token("PyPI token", "pypi-", of=WORD, least=50),
    _token("RubyGems key", "rubygems_", of="[a-f0-9]", least=40),
    _token("crates.io token", "cio", of="[A-Za-z0-9]", least=32),
    Shape("NuGet key", ("oy2",), re.compile(r"(?<![A-Za-z0-9])oy2[a-z0-9]{43,}")),
    _token("Docker token", "dckr_pat_", "dckr_oat_", of=WORD, least=20),
    Shape(
        "OpenAI key",
        ("sk-",),
        re.compile(r"(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,200}[0-9])[A-Za-z0-9_-]{20,}"),
        lambda value: (
            "T3BlbkFJ" in value or value.startswith(("sk-ant-", "sk-proj-", "sk-or-")) or is_random(value[3:])
        ),
    ),
    _token("Hugging Face token", "hf_", "api_org_", of="[A-Za-z0-9]", least=30),
    _token("model provider key", "gsk_", "r8_", "nvapi-", "pplx-", "xai-", "fw_", "tvly-", "lsv2_", of=WORD, least=30),
    Shape(
        "JSON web token",
        ("eyJ",),
        re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+[A-Za-z0-9_.+/=-]*"),
    ),
    Shape("Azure client secret", ("Q~",), re.compile(r"[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,}"), within=True),
    Shape(
        "key in a connection string",
        ("accountkey=", "accesskey=", "sharedaccesssignature=", "password=", "pwd=", "sig="),
        re.compile(
            r"(?:(?:Account|Access)Key=|SharedAccessSignature=|(?<=[;\"'])(?:Password|Pwd)=|(?<=[?&;])sig=)"
            r"(?P<secret>[^\s;\"'&]{8,})",
            re.IGNORECASE,
        ),
        is_given,
        any_case=True,
    ),
    _token("Django secret key", "django-insecure-", of=r"[^\s\"'`]", least=30),
    _token("SendGrid key", "SG.", of="[A-Za-z0-9_.-]", least=40),
    Shape("Twilio id or key", ("AC", "SK"), re.compile(r"(?<![A-Za-z0-9])(?:AC|SK)[a-z0-9]{32,}")),
    Shape("Mailchimp key", ("-us",), re.compile(r"(?<![A-Za-z0-9])[0-9a-z]{32}-us[0-9]{1,2}"), within=True),
    _token("Mailgun key", "key-", of="[a-z0-9]", least=32),
    Shape("Telegram token", (":AA",), re.compile(r"(?<!\d)\d{8,10}:AA[0-9A-Za-z_-]{33,}"), within=True),
    Shape(
        "Discord token",
        ("MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"),  # of a number that is base64
        re.compile(r"(?<![\w.-])[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,}"),
        is_random,
    ),
    _token("Square token", "sq0csp-", "sq0atp-", "sq0idp-", "EAAA", of=r"[\\A-Za-z0-9_-]", least=22),
    _token("Shopify token", "shpat_", "shpca_", "shppa_", "shpss_", of="[a-fA-F0-9]", least=32),
    _token("DigitalOcean token", "dop_v1_", "doo_v1_", "dor_v1_", of="[a-f0-9]", least=40),
    _token("Databricks token", "dapi", of="[a-f0-9-]", least=32),
    _token("HashiCorp Vault token", "hvs.", "hvb.", "hvr.", of=WORD, least=20),
    Shape(
        "Terraform Cloud token",
        (".atlasv1.",),
        re.compile(r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{40,}"),
        within=True,
    ),
    _token("Pulumi token", "pul-", of="[a-f0-9]", least=40),
    _token("Doppler token", "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", of="[A-Za-z0-9._-]", least=32),
    _token("Linear key", "lin_api_", "lin_oauth_", of="[A-Za-z0-9]", least=32),
    _token("Notion token", "ntn_", "secret_", of="[A-Za-z0-9]", least=40),
    _token("Postman key", "PMAK-", of="[a-f0-9-]", least=40),
    _token("New Relic key", "NRAK-", "NRJS-", "NRII-", of="[A-Za-z0-9_-]", least=19),
    _token("Grafana token", "glc_", "glsa_", of="[A-Za-z0-9+/=_]", least=32),
    _token("Sentry token", "sntrys_", "sntryu_", of="[A-Za-z0-9+/=_]", least=32),
    _token("Atlassian token", "ATATT3", "ATCTT3", "ATBB", of=r"[A-Za-z0-9_=-]", least=24),
    _token("Dropbox token", "sl.", of=WORD, least=100),
    _token("Facebook token", "EAAC", "EAAB", of="[A-Za-z0-9]", least=60),
    _token("age key", "AGE-SECRET-KEY-1", of="[A-Z0-9]", least=40, before=""),
    _token("Supabase token", "sbp_", "sb_secret_", of=r"\w", least=20),
    Shape("Artifactory key", ("AKC",), re.compile(r"(?<![A-Za-z0-9_])AKC[A-Za-z0-9]{10,}"), is_random),
    Shape(
        "private exponent of a JSON web key", ('"d"',), re.compile(r'"d"[ \t]*:[ \t]*"(?P<secret>[A-Za-z0-9_-]{40,})"')
    ),
    # A file of a key as Kubernetes' manifests and configurations hold it; of certificates there is nothing to hide.
    Shape(
        "private key in base64", ("LS0tLS1CRUdJTi",), re.compile(r"LS0tLS1CRUdJTi(?!BDRVJU)[A-Za-z0-9+/_-]{20,}={0,2}")
    ),
    Shape(
        "private key in one line",
        ("PRIVATE KEY", "\\n"),
        re.compile(
            r"BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?P<secret>(?:\\+[nr]|[A-Za-z0-9+/=]|[ ](?=[^\n]{0,4000}-----END)){16,16000})"
            r"|(?P<part>(?:[A-Za-z0-9+/]{40,76}\\+n)+[A-Za-z0-9+/=]*)"
        ),
        within=True,
    ),
    Shape(
        "password in an address",
        ("://",),
        re.compile(r"://[^\s:/?#@\"'`<>{}\[\]()]*:(?P<secret>[^\s/?#@\"'`<>]+)@"),
        is_given,
    ),
    Shape(
        "password of a user",
        ("-u", "--user", "identified by"),
        re.compile(
            r"(?:(?<![\w-])-(?:-user|u)[\"']?[ \t=,]{0,4}[\"']?[\w.@-]{1,60}:|identified[ \t]+by[ \t]+[\"'])"
            r"(?P<secret>[^\s\"'@/]{8,})",
            re.IGNORECASE,
        ),
        is_password,
        any_case=True,
    ),
    Shape(
        "bearer or basic authorisation",
        ("bearer ", "basic "),
        re.compile(r"\b(?:bearer|basic)[ \t]+(?P<secret>[A-Za-z0-9_.~+/-]{12,}=*)", re.IGNORECASE),
        is_random,
        any_case=True,
    ),
)
