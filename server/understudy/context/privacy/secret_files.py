"""Files that hold keys, tokens and passwords, known by their names alone: a table for each way a name can be told.

Gathered from what the tools named here document as the place of their credentials, and from the lists of peers
(Continue's security ignores, Cursor's default ignore list, GitHub's `.gitignore` templates). It holds too much rather
than too little: what is wrongly taken for a secret costs a completion, the other way round costs the secret.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache

# Files or folders of these names; everything in such a folder is secret.
NAMES = frozenset(
    {
        *(".env", ".envrc", ".flaskenv", "dotenv", ".dotenv", ".dev.vars"),
        *("credentials", ".credentials", "secrets", ".secrets", ".secret", "private_keys", "keyrings"),
        *(".netrc", "_netrc", ".authinfo", ".pgpass", "pgpass.conf", ".my.cnf", ".mylogin.cnf", ".htpasswd"),
        *(".npmrc", ".yarnrc", ".yarnrc.yml", ".pypirc", ".gem", ".composer"),
        *(".git-credentials", ".dockercfg", ".dockerconfigjson", "kubeconfig"),
        *(".vault-token", ".vault-pass", ".vault_pass", "vault_pass", ".ansible-vault-pass"),
        *(".databrickscfg", ".databricks", ".s3cfg", ".boto", ".bigqueryrc", ".oci", ".snowsql", ".terraformrc"),
        *(".aws", ".azure", ".gnupg", ".ssh", ".kube", ".password-store", ".gcloud", "gcloud", ".terraform.d"),
        *(".digitalocean", ".heroku", ".fly", ".cloudflared", ".wrangler", ".bluemix", ".aliyun", ".minio", ".mc"),
        *(".kaggle", ".huggingface", ".bash_history", ".zsh_history", ".python_history", ".psql_history"),
        *(".mysql_history", ".node_repl_history", ".rediscli_history", ".dbshell"),
    }
)

# Files of these names; a folder may be called so for other reasons.
FILES = frozenset(
    {
        *("secret", "credential", "passwd", "shadow", "gshadow", "sudoers", "keyfile", "master.key", "identity"),
        *("auth.json", "nuget.config", "rclone.conf", "terraform.rc", "credentials.tfrc.json", "kaggle.json"),
        *("authorized_keys", "known_hosts", "wallet.dat", "keystore", "stored_tokens", "trustdb.gpg", "pubring.kbx"),
        *("local.settings.json", "google-services.json", "googleservice-info.plist", "client_secret.json"),
        *("application_default_credentials.json", "token.json", "logins.json", "key3.db", "key4.db"),
        *("wp-config.php", "localsettings.php", "database.yml", "clouds.yaml", "clouds.yml", "secure.yaml"),
        *(".renviron", ".sentryclirc", ".clasprc.json", ".token", "rootkey.csv"),
        *("key.properties", "keystore.properties", "signing.properties"),
    }
)

# The last parts of a path, of a file or of a folder.
TAILS = frozenset(
    {
        *(".docker/config.json", ".config/gh/hosts.yml", ".config/hub", ".config/glab-cli", ".config/op"),
        *(".config/sops", ".config/doctl", ".config/rclone", ".config/flyctl", ".config/stripe"),
        *(".config/containers/auth.json", ".config/git/credentials", ".config/pypoetry/auth.toml"),
        *(".config/configstore", ".config/github-copilot", ".config/netlify", ".config/vercel", ".config/heroku"),
        *(".cargo/credentials.toml", ".gradle/gradle.properties", ".m2/settings.xml", ".m2/settings-security.xml"),
        *(".cache/huggingface/token", ".jupyter/jupyter_server_config.json", "var/run/secrets", "run/secrets"),
        *("etc/letsencrypt", "etc/kubernetes", "etc/docker", "etc/openvpn", "etc/wireguard", "etc/ssl/private"),
        *("etc/networkmanager", "etc/sudoers.d", "etc/rancher", "etc/vault.d", "etc/ssh"),
    }
)

ENDINGS = (
    *(".env", ".pem", ".key", ".p8", ".p12", ".pfx", ".pkcs12", ".der", ".jks", ".jceks", ".bks", ".keystore"),
    *(".truststore", ".keytab", ".kdb", ".kdbx", ".psafe3", ".agilekeychain", ".opvault", ".ppk", ".gpg", ".pgp"),
    *(".ovpn", ".tfstate", ".tfvars", ".tfvars.json", ".kubeconfig", ".mobileprovision", ".publishsettings"),
    *(".pubxml.user", ".secret", ".secrets", ".wallet", ".rdp", ".htpasswd", ".keychain", ".keychain-db", ".snk"),
    *(".age", "_rsa", "_dsa", "_ecdsa", "_ed25519", "_ed25519_sk", "_ecdsa_sk"),
)

BEGINNINGS = (
    *(".env", "secrets.", "credentials.", "kubeconfig.", "id_rsa", "id_dsa"),
    *("id_ecdsa", "id_ed25519", "gha-creds-", "client_secret_", "utc--", "terraform.tfstate", "vault_pass"),
)

# A pair of keys of any name that follows ssh-keygen's (`id_work`, `id_work.pub`), data (no programs) that is called a
# secret, and what clouds' consoles download.
SHAPES = re.compile(
    r"id_[^.]+(?:\.(?:pub|key|txt))?"
    r"|(?:.*[-_.])?(?:secrets?|credentials?|passwords?)\.(?:json|ya?ml|toml|ini|cfg|conf|properties|txt|csv|xml|enc)"
    r"|(?:.*[-_.])?credentials"
    r"|(?:.*_)?accesskeys\.csv"
    r"|kube[-_.]config(?:\.ya?ml)?"
    r"|service[-_]?account.*\.(?:json|ya?ml)"
    r"|.*-adminsdk-.*\.json"
    r"|.*\.tfstate\..*"
    r"|appsettings\.secrets?\.json"
)

# What editors, tools and people put around a name to keep a second copy.
COPY = re.compile(r"^(?:\.#|#|\.(?=\.))|(?:~|#|[-_.](?:bak|backup|old|orig|save|saved|copy|tmp|sw[a-p]|dist|\d+))$")
COPIES = 4  # `.env.local.bak~` has been copied twice


@lru_cache(maxsize=16384)
def folded(name: str) -> str:
    """One part of a path in a form in which all spellings that some file system takes for the same are alike.

    Case and compatibility forms are set aside (APFS and NTFS set aside case, HFS+ normal forms), invisible characters
    (HFS+ leaves some out), dots and blanks at the end, and what follows a colon (on Windows `.env.` and `.env::$DATA`
    are the file `.env`). Never empty for a name that is not.
    """
    plain = name.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", name).casefold()
        plain = "".join(character for character in plain if unicodedata.category(character) != "Cf")
        plain = unicodedata.normalize("NFKC", plain)
    return plain.split(":", 1)[0].rstrip(". ") or plain or name


@lru_cache(maxsize=16384)
def is_odd(name: str) -> bool:
    """Whether a part of a path is one for which patterns cannot be trusted: control characters, broken Unicode."""
    return not name.isprintable() and any(unicodedata.category(character) in {"Cc", "Cs"} for character in name)


@lru_cache(maxsize=16384)
def is_secret_name(name: str, *, folder: bool = False) -> bool:
    """Whether a file, or a folder, holds secrets by its own name."""
    plain = folded(name)
    for _ in range(COPIES):
        if plain in NAMES or plain.endswith(ENDINGS) or plain.startswith(BEGINNINGS):
            return True
        if not folder and (plain in FILES or SHAPES.fullmatch(plain) is not None):
            return True
        original = COPY.sub("", plain)
        if original in {plain, ""}:
            return False
        plain = original
    return False


def is_secret_tail(path: str) -> bool:
    """Whether a file or folder holds secrets by the last parts of its path, with the system's own separators."""
    parts = [folded(part) for part in path.rsplit(os.sep, 3)[-3:]]
    return "/".join(parts) in TAILS or "/".join(parts[-2:]) in TAILS
