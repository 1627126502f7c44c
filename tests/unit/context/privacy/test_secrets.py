"""Secrets inside texts: what is masked, what is not, and what a mask leaves."""

from __future__ import annotations

import re
import string
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.context.privacy.secrets import KEY_LINE, LONG, SHORT, holds_mask, masked, masked_around, outside
from understudy.core.text import split_lines

ALNUM = string.ascii_letters + string.digits
BASE64 = ALNUM + "+/"
HEX = "0123456789abcdef"


def drawn(alphabet: str, least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most if most is not None else least)


def made(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


# As their makers describe them; `least` and `most` are lengths that are in use.
TOKENS = {
    "AWS access key id": made(st.sampled_from(["AKIA", "ASIA"]), drawn(string.ascii_uppercase + "234567", 16)),
    "GitHub": made(st.sampled_from(["ghp_", "gho_", "ghu_", "ghs_", "ghr_"]), drawn(ALNUM, 36, 80)),
    "GitHub fine-grained": made("github_pat_", drawn(ALNUM, 22), "_", drawn(ALNUM, 59)),
    "GitLab": made("glpat-", drawn(ALNUM + "_-", 20, 60)),
    "Slack bot": made("xoxb-", drawn(string.digits, 11, 13), "-", drawn(string.digits, 11, 13), "-", drawn(ALNUM, 24)),
    "Slack app": made(
        "xapp-1-A", drawn(string.digits + "ABCDEF", 10), "-", drawn(string.digits, 13), "-", drawn(HEX, 64)
    ),
    "Slack webhook": made(
        "https://hooks.slack.com/services/T", drawn(ALNUM, 8), "/B", drawn(ALNUM, 8), "/", drawn(ALNUM, 24)
    ),
    "Stripe": made(st.sampled_from(["sk_live_", "rk_live_", "sk_test_"]), drawn(ALNUM, 24, 99)),
    "Google": made("AIza", drawn(ALNUM + "_-", 35)),
    "Google OAuth secret": made("GOCSPX-", drawn(ALNUM + "_-", 28)),
    "npm": made("npm_", drawn(ALNUM, 36)),
    "PyPI": made("pypi-AgEIcHlwaS5vcmc", drawn(ALNUM + "_-", 70, 160)),
    "OpenAI": made("sk-", drawn(ALNUM, 20), "T3BlbkFJ", drawn(ALNUM, 20)),
    "OpenAI project": made("sk-proj-", drawn(ALNUM + "_-", 60), "7T3BlbkFJ", drawn(ALNUM + "_-", 60)),
    "Anthropic": made("sk-ant-api03-", drawn(ALNUM + "_-", 93), "AA"),
    "Hugging Face": made("hf_", drawn(string.ascii_letters, 34)),
    "JSON web token": made(
        "eyJ", drawn(ALNUM + "_-", 20, 80), ".eyJ", drawn(ALNUM + "_-", 20, 80), ".", drawn(ALNUM + "_-", 43)
    ),
    "Azure client secret": made(drawn(ALNUM, 3), "8Q~", drawn(ALNUM + "_.~-", 34)),
    "Azure storage": made("AccountKey=", drawn(BASE64, 86), "=="),
    "Django": made("django-insecure-", drawn(string.ascii_lowercase + string.digits + "!@#$%^&*(-_=+)", 50)),
    "SendGrid": made("SG.", drawn(ALNUM + "_-", 22), ".", drawn(ALNUM + "_-", 43)),
    "Telegram": made(drawn(string.digits[1:], 9), ":AA", drawn(ALNUM + "_-", 33)),
    "DigitalOcean": made("dop_v1_", drawn(HEX, 64)),
    "Databricks": made("dapi", drawn(HEX, 32)),
    "Vault": made("hvs.", drawn(ALNUM + "_-", 24, 100)),
    "Shopify": made("shpat_", drawn(HEX, 32)),
    "Docker": made("dckr_pat_", drawn(ALNUM + "_-", 27)),
    "password in an address": made("https://user:", drawn(ALNUM + "!*~", 8, 40), "@"),
}
AROUND = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)
EDGE = st.sampled_from(['"', "'", " ", "\n", "=", ":", "(", ",", "`", "\t", "\r\n", "> "])


def parts(secret: str, length: int = 8) -> set[str]:
    return {secret[at : at + length] for at in range(len(secret) - length + 1)}


def left(text: str, secret: str) -> set[str]:
    """The parts of a secret of eight characters that stand in a text."""
    return {part for part in parts(secret) if part in text}


@pytest.mark.parametrize("kind", TOKENS)
def test_no_part_of_a_token_is_left_in_any_text(kind: str) -> None:
    @settings(max_examples=60, deadline=None)
    @given(AROUND, EDGE, TOKENS[kind], EDGE, AROUND)
    def check(before: str, opening: str, token: str, closing: str, after: str) -> None:
        start, shown = before + opening, masked(before + opening + token + closing + after)
        # What the address says besides its password is no secret, nor what stands around the token.
        secret = re.sub(r"^(?:https://(?:hooks\.slack\.com/services/|user:)|AccountKey=)|@$", "", token)
        there = parts(start + closing + after) | parts(SHORT) | parts(LONG)
        assert left(shown, secret) <= there
        assert len(split_lines(shown)) == len(split_lines(start + token + closing + after))

    check()


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(TOKENS)), st.data(), AROUND)
def test_no_part_is_left_on_either_side_of_a_cursor_in_it(kind: str, data: st.DataObject, around: str) -> None:
    token = data.draw(TOKENS[kind])
    text = f'{around}\nkey = "{token}"\n{around}'
    cursor = data.draw(st.integers(len(around) + 8, len(around) + 8 + len(token)))
    prefix, suffix = masked_around(text[:cursor], text[cursor:])
    secret = re.sub(r"^(?:https://(?:hooks\.slack\.com/services/|user:)|AccountKey=)|@$", "", token)
    assert left(prefix, secret) | left(suffix, secret) <= parts(around) | parts(SHORT) | parts(LONG)


PIECES = st.lists(
    st.one_of(
        AROUND,
        st.sampled_from(
            ['password = "', "token: ", '"', "\n", "\r", "-----BEGIN PRIVATE KEY-----", "://a:", "@", SHORT, LONG]
        ),
        st.sampled_from([KEY_LINE, "-----END RSA PRIVATE KEY-----", "\\n", "eyJ", ".", "_KEY=", "Bearer ", "MASKED_"]),
        st.sampled_from(sorted(TOKENS)).flatmap(TOKENS.__getitem__),
        drawn(BASE64, 8, 80),
    ),
    max_size=14,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(PIECES)
def test_a_masked_text_stays_as_it_is_and_keeps_its_lines(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
    assert [line[len(line.rstrip("\r\n")) :] for line in split_lines(once)] == [
        line[len(line.rstrip("\r\n")) :] for line in split_lines(text)
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('const API_KEY: &str = "', '";'),
        ("static API_KEY: &'static str = \"", '";'),
        ('let token: Option<&str> = Some("', '");'),
        ('static const char api_key[] = "', '";'),
        ('char secret[33] = "', '";'),
        ('public string ApiKey { get; set; } = "', '";'),
        ('ENCRYPTION_KEY = bytes.fromhex("', '")'),
        ("const secret = Buffer.from('", "', 'base64')"),
        ('secret_token = ("', '"'),
        ("curl -u admin:", " https://example.com"),
        ("run(['curl', '--user', 'admin:", "'])"),
        ("CREATE USER shop IDENTIFIED BY '", "';"),
    ],
)
def test_a_secret_is_masked_however_a_language_assigns_it(before: str, after: str) -> None:
    for secret in ("q8Wz2LmP0xVn4RtYb7Kd1HsG", "8d3fa09bc71e5a2240b6c9e8f7d1a35b"):
        assert masked(f"{before}{secret}{after}\n") == f"{before}{SHORT}{after}\n"


@pytest.mark.parametrize(
    "text",
    [
        'password = "hunter2A!"',
        "password = 'Tr0ub4dor&3'",
        '"db_password": "c0rrect-Horse"',
        'api_key: str = "9f8A7b6C5d4E3f2A1b0C"',
        "client_secret => 'q8Wz2LmP0xVn4RtY'",
        "AWS_SECRET_ACCESS_KEY=wJ4lrXUt9FEMI/K7MD3NG/bPx8fiCY2kQzT5vLp7",
        "export GITHUB_AUTH=8d3fA09bcQ71xZe5",
        "  token: 550e8400-e29b-41d4-a716-446655440000",
        'secretKey: "0123456789abcdef0123456789abcdef"',
        'set_password("Summer2024!")',
        "headers = {'Authorization': 'Bearer a8F3kLm29xQpR7vT'}",
        "postgres://admin:hunter2@db.internal/app",
        "Endpoint=sb://x.net/;SharedAccessKey=kq8Vn3LmPz0xW4RtYbC7dE2fGhJ9sA5uQoI1=",
        '{"kty":"RSA","d":"X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6NqXSzUvxT0_"}',
        "//npm.example.com/:_authToken=plainoldtoken",
        'password = "hunter2A!',
        "    tls.key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2d0lCQURBTkJna3Foa2lHOXcwQkFRRUZB",
        "    client-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tLQpNSUlFb3dJQkFBS0NBUUVBdGd4",
    ],
)
def test_what_is_given_to_a_name_is_masked(text: str) -> None:
    shown = masked(text)
    assert holds_mask(shown)
    assert masked(f"a = 1\n{text}\nb = 2\n") == f"a = 1\n{shown}\nb = 2\n"


@pytest.mark.parametrize(
    "text",
    [
        'password = getpass.getpass("Enter your password: ")',
        "token = tokens[0]",
        "tokenizer = AutoTokenizer.from_pretrained('gpt2-medium-v1')",
        'password = os.environ["DB_PASSWORD_2"]',
        'PASSWORD_FIELD = "password"',
        'api_key = "your-api-key-here"',
        'url = "https://example.com/a/b?c=1#d"',
        'password="${DB_PASSWORD_1}"',
        "secret: {{ vault.secret_1 }}",
        "const tokenResponse: TokenResponseV2 = await client.get()",
        "import { SignInInputs, ResetPasswordInputs, ResetPasswordInputsV2, SignInInputsV2 } from './a'",
        'key = "user:profile:2024-01-01"',
        'sha = "b45ef6fec89518d314f546fd6c3025367b721684"',
        "'b45ef6fec89518d314f546fd6c3025367b721684'",
        "if '-----BEGIN PRIVATE KEY-----' in text:\n    return True\n",
        "author = 'Ada Lovelace <ada@example.com>'",
        "class PasswordResetTokenGenerator2(BaseTokenGenerator):",
        "from django.contrib.auth.tokens import PasswordResetTokenGenerator",
        "ca.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSURCVENDQWUyZ0F3SUJBZ0lJ",
    ],
)
def test_ordinary_code_is_shown_as_it_is(text: str) -> None:
    assert masked(text) == text


KEY = """-----BEGIN RSA PRIVATE KEY-----
MIIEowIBAAKCAQEAx8Kq4yJ0mC7d1vQe5bXhT2wZpLrN6uFsGkYoHcJiV3aEtBnM
R7fWqXzU9yDlO1pKgS5hTj2vCxAe8bZnIuMwQ4rLdYkFo6VsHcGtJp3EaXiBqNzR
0uTyKm5oWfSjVlDhPg7xCeLbQzUaI2rMtYdNkFw9HvBsGpXoJc4iEqZlTnRu8KyA
fQ==
-----END RSA PRIVATE KEY-----
"""
BODY = KEY.splitlines()[1:-1]


@pytest.mark.parametrize(
    "form",
    [
        KEY,
        KEY.replace("\n", "\r\n"),
        KEY.replace(
            "RSA PRIVATE KEY-----\n", "RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1
        ),
        "".join(f"    {line}\n" for line in KEY.splitlines()),
        "".join(f'    "{line}\\n"\n' for line in KEY.splitlines()),
        "".join(f"  '{line}' +\n" for line in KEY.splitlines()),
        "".join(f"# {line}\n" for line in KEY.splitlines()),
        "".join(f"+{line}\n" for line in KEY.splitlines()),
        "".join(f"-{line}\n" for line in KEY.splitlines()),
        "".join(f"    # - {line}\n" for line in KEY.splitlines()),
        "".join(f"  - {line}\n" for line in KEY.splitlines()),
        'key = """' + KEY + '"""\n',
        '{"private_key": "' + KEY.replace("\n", "\\n") + '"}\n',
        "KEY=" + KEY.replace("\n", " ") + "\n",
    ],
)
def test_keys_in_every_dress(form: str) -> None:
    before, after = "import os\n\n\ndef first():\n    pass\n\n", "\n\ndef second():\n    return os\n"
    shown = masked(before + form + after)
    for line in BODY[:-1]:
        assert not left(shown, line)
    assert BODY[-1] not in shown
    assert shown.startswith(before)
    assert shown.endswith(after)


@pytest.mark.parametrize(
    "dress",
    [
        *("{}\n", "    {}\n", '    "{}\\n"\n', "# {}\n", "    # - {}\n", "// - {}\n", "  - {}\n", "-{}\n"),
        *("-- {}\n", "; {}\n", "% {}\n", "/* {} */\n", "<!-- {} -->\n"),
    ],
)
@pytest.mark.parametrize("first", [1, 2, 3])
@pytest.mark.parametrize("last", [3, 4, 5])
@pytest.mark.parametrize("within", [0, 20])
def test_a_part_of_a_key_whose_beginning_is_not_in_sight(dress: str, first: int, last: int, within: int) -> None:
    """A window begins and ends where it likes; the key's first line, its last, or both may be outside."""
    lines = KEY.splitlines()[first : last + 1]
    text = "".join(dress.format(line) for line in lines)[within:]
    shown = masked(f"{text}x = 1\n")
    assert not [line for line in lines if line in BODY[:-1] and left(shown, line)]


def test_an_edge_in_a_secret_moves_out_of_it() -> None:
    """What is cut there is looked through alone, and an end of a token looks like nothing."""
    token = "ghp_" + "q7Rz2LmPw9XvNb4TyKc8Jd5HsGf3Ae6UoQ1Z"
    text = f'{"x" * 5000} "{token}" {"x" * 5000}'
    first = text.index(token)
    last = first + len(token)
    for edge in (first + 1, first + 20, last - 1):
        assert (outside(text, edge, later=True), outside(text, edge, later=False)) == (last, first)
    for edge in (0, first, last, len(text)):
        assert outside(text, edge, later=True) == outside(text, edge, later=False) == edge


def test_a_cursor_in_a_key(tmp_path: object) -> None:
    for cursor in range(len(KEY)):
        prefix, suffix = masked_around("a = 1\n" + KEY[:cursor], KEY[cursor:])
        for line in BODY[:-1]:
            assert not left(prefix, line), cursor
            assert not left(suffix, line), cursor


def test_masks_say_how_long_a_secret_was_and_no_more() -> None:
    one, two = 'token = "q8Wz2LmP0xVn4RtY"\n', 'token = "Zp5Kd1Hs9CbGe3Uf7"\n'
    assert masked(one) == masked(two) == f'token = "{SHORT}"\n'
    assert masked(f'token = "{"q8Wz2LmP0x" * 8}"\n') == f'token = "{LONG}"\n'


def test_what_a_model_may_write_of_a_mask() -> None:
    assert all(holds_mask(f"x = {mask}") for mask in (SHORT, LONG, KEY_LINE))
    assert holds_mask("x = MASKED_SEC")
    assert not holds_mask("x = MASKED_ARRAY")
    assert not holds_mask("x = MASKED_SEC + 1")


def test_it_takes_no_time_that_a_key_would_notice() -> None:
    """Goals: 5 ms for 3,000 tokens never seen before, 0.5 ms when one line has changed; here four times that, for a
    machine that does other things too."""
    text = "".join(
        f"    value_{n} = compute(first_argument_{n}, token={n}, key='name_{n}')  # {n}\n" for n in range(160)
    )
    assert len(text) > 10_000

    def best(texts: list[str]) -> float:
        times = []
        for each in texts:
            began = perf_counter()
            masked(each)
            times.append(perf_counter() - began)
        return min(times)

    assert best([text.replace("value", f"name{n}") for n in range(10)]) < 0.020
    masked(text)
    assert best([text.replace("value_80 ", f"value_{n} ") for n in range(1000, 1010)]) < 0.002


@pytest.mark.parametrize(
    "unit",
    [
        *("eyJ-", "eyJ.", "xoxa-", "sk-", "://a:", "BEGIN ", "-----BEGIN ", "-----BEGIN PRIVATE KEY----- a ", "pass: "),
        *(
            "ghp_",
            "MT",
            "password = ",
            "token=token",
            "AKIA",
            "a1" * 40 + "\n",
            "-" * 99 + "a",
            "bearer ",
            '"d": "',
            "Q~",
        ),
        *(
            "Ab1/" * 16 + "\n",
            "-----BEGIN PRIVATE KEY-----\n",
            "-----END PRIVATE KEY-----\n",
            "\\n",
            "-us1",
            ":AA",
            "\u0130",
        ),
        *("secret" * 9 + "\t" * 999, "key(" + " " * 999, "MASKED_SECRET", "password='MASKED_", "A3T", ".atlasv1."),
    ],
)
def test_no_text_takes_long(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    began = perf_counter()
    masked(text)
    masked(f"-----BEGIN PRIVATE KEY-----\n{text}")
    assert perf_counter() - began < 8


@pytest.mark.parametrize("character", '+/- #"b')
def test_a_line_of_one_character_takes_no_time(character: str) -> None:
    text = f"-----BEGIN PRIVATE KEY-----\n{character * 20_000}!"
    began = perf_counter()
    masked(text)
    assert perf_counter() - began < 1
