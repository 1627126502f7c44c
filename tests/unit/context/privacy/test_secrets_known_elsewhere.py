"""What detect-secrets finds by its rules is masked. The library is asked here and not by the server: its plugins bring
an HTTP client, and its rules find where a token is, not where it ends."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.context.privacy.secrets import LONG, SHORT, masked

# Its plugins that know a shape, without those about names of one vendor's settings (our rules are about names of all),
# and three whose shapes are too wide: Artifactory's is that of ordinary words, Discord's begins with any letters, where
# a real token begins with a number in base64, and Telegram's goes on with any, where a real one has `AA`.
PLUGINS = (
    *("aws.AWSKeyDetector", "azure_storage_key.AzureStorageKeyDetector", "basic_auth.BasicAuthDetector"),
    *("github_token.GitHubTokenDetector", "gitlab_token.GitLabTokenDetector", "jwt.JwtTokenDetector"),
    *("mailchimp.MailchimpDetector", "npm.NpmDetector", "openai.OpenAIDetector", "pypi_token.PypiTokenDetector"),
    *("sendgrid.SendGridDetector", "slack.SlackDetector", "square_oauth.SquareOAuthDetector"),
    *("stripe.StripeDetector", "twilio.TwilioKeyDetector"),
)
# What is no secret of what a rule matches: where it is used.
PUBLIC = re.compile(r"^(?:https://hooks\.slack\.com/services/|AccountKey=)", re.IGNORECASE)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_its_rules_hold_here(plugin: str) -> None:
    module, name = plugin.split(".")
    rules: list[re.Pattern[str]] = list(getattr(import_module(f"detect_secrets.plugins.{module}"), name).denylist)
    assert rules

    @settings(max_examples=60, deadline=None)
    @given(st.sampled_from(rules).flatmap(lambda rule: st.tuples(st.just(rule), st.from_regex(rule, fullmatch=True))))
    def check(drawn: tuple[re.Pattern[str], str]) -> None:
        rule, text = drawn
        found = rule.search(text)
        if found is None or not text.isascii() or not text.isprintable():
            return  # a dot matches anything, and no file has such tokens
        secret = next((group for group in found.groups() if group and len(group) >= 8), "") if found.groups() else text
        secret = PUBLIC.sub("", secret)
        shown = masked(f"value = '{text}'\n")
        left = [secret[at : at + 8] for at in range(len(secret) - 7) if secret[at : at + 8] in shown]
        assert not [part for part in left if part not in SHORT + LONG], shown

    check()
