"""The script for administrators: what is in it, and what is refused."""

import pytest

from veil.cli import bootstrap
from veil.cli.errors import CliError
from veil.warehouse import SCHEMA_VERSION

DATABASE = ("--database", "analytics")


def printed(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert bootstrap.main([*DATABASE, *options]) == 0
    return capsys.readouterr().out


def test_it_makes_a_system_account_whose_password_is_a_placeholder(capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(capsys)
    assert "CREATE USER \"veil_system\" PASSWORD '<PASSWORD OF THE SYSTEM ACCOUNT>';" in script
    assert 'GRANT ACCESS SYSTEM TABLE TO ROLE "veil_system_catalog";' in script
    assert "PLPYTHONU" not in script.upper()
    assert "CREATEUSER" not in script.upper()


def test_every_name_can_be_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(
        capsys, "--system-user", "owner's", "--view-schema", "curated", "--prefix", "acme", "--source-schema", "raw",
        "--source-schema", "sales", "--external-schema", "lake", "--impersonation-group", "actors", "--read-only-user", "ci", "--read-only-role", "plans",
    )  # fmt: skip
    for statement in (
        'CREATE SCHEMA IF NOT EXISTS "acme_system" AUTHORIZATION "owner\'s";',
        'CREATE SCHEMA IF NOT EXISTS "curated" AUTHORIZATION "owner\'s";',
        'GRANT SELECT ON ALL TABLES IN SCHEMA "raw" TO "owner\'s";',
        'GRANT SELECT ON ALL TABLES IN SCHEMA "sales" TO "owner\'s";',
        'GRANT SELECT FOR TABLES IN SCHEMA "sales" TO "owner\'s";',
        'GRANT USAGE ON SCHEMA "lake" TO "owner\'s";',
        'CREATE GROUP "actors";',
        "CREATE USER \"ci\" PASSWORD '<PASSWORD OF THE READ-ONLY ACCOUNT>';",
        'GRANT SELECT ON TABLE "acme_system".object TO ROLE "plans";',
    ):
        assert f"\n{statement}\n" in script
    assert 'IN SCHEMA "lake"' not in script
    assert "immuta_" not in script.replace("immuta__userid", "").replace("app.immuta_impersonate", "")


def test_external_schemas_are_opened_by_usage_alone(capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(capsys, "--external-schema", "lake", "--external-schema", "events")
    for schema in ("lake", "events"):
        assert f'\nGRANT USAGE ON SCHEMA "{schema}" TO "veil_system";\n' in script
    assert "GRANT SELECT ON ALL TABLES" not in script


def test_accounts_that_are_there_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(capsys, "--without-accounts", "--read-only-user", "ci", "--impersonation-group", "actors")
    assert not any(word in script for word in ("CREATE USER", "CREATE ROLE", "CREATE GROUP", "PASSWORD"))


def test_an_upgrade_holds_what_the_version_before_lacks(capsys: pytest.CaptureFixture[str]) -> None:
    script = printed(capsys, "--upgrade-from", "1")
    assert 'ALTER TABLE "immuta_system".integration ADD COLUMN read_only_role' in script
    assert "CREATE USER" not in script
    assert "GRANT ALL PRIVILEGES ON DATABASE" not in script


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--prefix", "Not a prefix"), "must be 1 to 100 lower case letters"),
        (("--view-schema", "immuta_system"), "is one of the integration's own schemas"),
        (("--system-user", ""), "cannot be the name of anything"),
        (("--upgrade-from", str(SCHEMA_VERSION)), "This veil upgrades from versions 1"),
        (("--read-only-role", "r"), "Name the account that terraform plan runs with"),
    ],
)
def test_what_cannot_be_is_refused(options: tuple[str, ...], told: str) -> None:
    with pytest.raises(CliError, match=told):
        bootstrap.main([*DATABASE, *options])
