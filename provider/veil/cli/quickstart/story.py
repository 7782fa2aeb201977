"""The steps of the quickstart, in order."""

import secrets
from collections.abc import Callable

from veil.cli.errors import CliError
from veil.cli.install import install, mirror_configuration
from veil.cli.quickstart import loading, sample, seeing
from veil.cli.quickstart.place import Place, shown
from veil.cli.quickstart.terraform import Terraform, find_terraform
from veil.cli.telling import Teller
from veil.local import Address, Engine, EngineError
from veil.warehouse import connect

STEPS = 6
NOTHING_TO_DO, CHANGES = 0, 2
"""Exit codes of `terraform plan -detailed-exitcode`."""


def tell(place: Place, teller: Teller) -> None:
    """Do all steps. Raises CliError or WarehouseError where one cannot be done."""
    terraform = find_terraform(place)
    place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = _password(place)
    try:
        with teller.step("Install the provider into a mirror of its own"):
            _install(place, terraform, teller)
        with teller.step("Start the embedded engine, which stands in for Redshift"):
            address = _start(place, teller)
        with teller.step("Load the sample and create three Redshift users"):
            _load(address, password, teller)
        with teller.step(f"{terraform.name} init, plan and apply in {shown(place.configuration)}"):
            _apply(terraform, teller)
        with teller.step("Ask the same questions as each of the three users"):
            sights = seeing.look(address, password)
        teller.console.print(seeing.table(sights))
        with teller.step(f"{terraform.name} plan again"):
            _plan_again(terraform, teller)
    except EngineError as problem:
        raise CliError("The embedded engine cannot be used", str(problem)) from problem
    _say_how_to_go_on(place, terraform, password, teller)


def _password(place: Place) -> str:
    """The analysts' password, the same on every run."""
    path = place.password_file
    if not path.exists():
        path.touch(mode=0o600)
        # Redshift wants 8 to 64 characters with an upper-case letter, a lower-case letter and a
        # digit.
        path.write_text(f"Q1{secrets.token_hex(12)}", encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _install(place: Place, terraform: Terraform, teller: Teller) -> None:
    written = [changed for _, changed in install(place.mirror)]
    if any(written):
        # A lock file of an earlier launcher holds its checksum, which Terraform would refuse.
        (place.configuration / ".terraform.lock.hcl").unlink(missing_ok=True)
    place.cli_configuration.write_text(mirror_configuration(place.mirror), encoding="utf-8")
    teller.say(f"{shown(place.mirror)}, used by {terraform.name} {terraform.version()}; your home is not touched")


def _start(place: Place, teller: Teller) -> Address:
    address = Engine(place.engine).up(progress=teller.say)
    teller.say(f"{address.host}:{address.port}, database {address.database}, data in {shown(place.engine)}")
    return address


def _load(address: Address, password: str, teller: Teller) -> None:
    tables = sample.tables()
    with connect(loading.sign_in(address)) as session:
        loading.load(session, tables)
        loading.create_analysts(session, password)
    teller.say(", ".join(f"src.{each.name}: {len(each.rows)} rows" for each in tables))
    teller.say("\n".join(f"{each.name} - {each.sees}" for each in loading.ANALYSTS))


def _apply(terraform: Terraform, teller: Teller) -> None:
    plan = terraform.place.plan_argument
    commands: tuple[tuple[tuple[str, ...], Callable[[str], bool]], ...] = (
        (("init",), _begins("Terraform has been", "OpenTofu has been")),
        (("plan", f"-out={plan}"), _is_verdict),
        (("apply", plan), lambda line: _is_done(line) or _is_verdict(line)),
    )
    for arguments, shows in commands:
        teller.say(f"$ {terraform.name} {' '.join(arguments)}", style="cyan")
        terraform.run(*arguments, say=teller.say, shows=shows)


def _plan_again(terraform: Terraform, teller: Teller) -> None:
    arguments = ("plan", "-detailed-exitcode")
    teller.say(f"$ {terraform.name} {' '.join(arguments)}", style="cyan")
    code = terraform.run(*arguments, say=teller.say, shows=_is_verdict, succeeds=(NOTHING_TO_DO, CHANGES))
    if code != NOTHING_TO_DO:
        raise CliError("The plan after the apply is not empty", "This is a bug in veil; please report it.")
    teller.say(f"exit code {code}: nothing to do")


def _say_how_to_go_on(place: Place, terraform: Terraform, password: str, teller: Teller) -> None:
    place.write_environment_file(password)
    teller.console.print(
        f"""
To look further:
  source {shown(place.environment_file)}        # TF_CLI_CONFIG_FILE, VEIL_LOCAL_DIR, PATH, the analysts' PGPASSWORD
  veil local psql -U ben        # then: SELECT * FROM governed.users LIMIT 5;
  cd {shown(place.configuration)}        # change a policy in main.tf
  {terraform.name} apply               # and look again
  {terraform.name} destroy             # takes everything away but the sample itself
To stop the engine and remove all of it: make clean""",
        markup=False,
    )


def _begins(*starts: str) -> Callable[[str], bool]:
    return lambda line: line.strip().startswith(starts)


def _is_verdict(line: str) -> bool:
    return line.startswith(("Plan:", "No changes.", "Apply complete!", "Warning:", "│ Warning:"))


def _is_done(line: str) -> bool:
    return ": Creation complete" in line or ": Modifications complete" in line or ": Destruction complete" in line
