"""The warehouse: connection, transactions, bulk reads, and the fixed SQL of an integration's schemas.

It knows names and rows but no policies. What goes wrong is a WarehouseError, in words for people. redshift_connector
is imported at the first `connect`.
"""

from veil.warehouse.account import SEES_GRANTS, SEES_OBJECTS, SEES_RELATIONS, Account, read_account, readable_tables
from veil.warehouse.base_tables import HERE, Tables, read_columns
from veil.warehouse.bootstrap import Bootstrap, Step, bootstrap_script, bootstrap_steps
from veil.warehouse.catalog import (
    read_blockers,
    read_group_members,
    read_relations,
    read_view_texts,
)
from veil.warehouse.cluster import SchemaRow, read_databases, read_schemas, refusal_to_cross
from veil.warehouse.decoding import NULL
from veil.warehouse.discovery import check_foreign, find_layouts
from veil.warehouse.errors import NotInstalledError, RevisionMovedError, WarehouseError
from veil.warehouse.grants import EVERYBODY_READS, PUBLIC, DefaultGrant, Grant, Grantee
from veil.warehouse.install import (
    PLANNERS_VIEWS,
    PUBLIC_ROUTINES,
    PUBLIC_VIEWS,
    SCHEMA_VERSION,
    empty_statements,
    expected_attributes,
    expected_routines,
    expected_tables,
    expected_views,
    install_pieces,
    install_statements,
    read_only_statements,
    upgrade_statements,
)
from veil.warehouse.installed import Installed, read_installed
from veil.warehouse.layout import Layout
from veil.warehouse.other_views import OtherView
from veil.warehouse.quoting import identifier, literal, qualified
from veil.warehouse.reading import Bearings, read
from veil.warehouse.relations import NOUN_OF, RelationKind, TableColumn, TableState
from veil.warehouse.removing import (
    remove_acknowledgements,
    remove_impersonations,
    remove_objects,
    remove_profiles,
    remove_project_entries,
    remove_published,
    remove_runtimes,
)
from veil.warehouse.retry import TIMEOUT_ATTEMPTS, repeat_reading, run_in_transaction
from veil.warehouse.revision import advance_revision, hold_writers, landed, move_on, replace_revision, require_unmoved
from veil.warehouse.rights import read_rights
from veil.warehouse.rows import (
    ClosedRow,
    Columns,
    EntryRow,
    ImpersonationRow,
    ObjectRow,
    ProfileRow,
    ProjectEntryRow,
    PublishedRow,
    Revision,
    Rights,
    RoutineAttributes,
    RoutineState,
    RuntimeRow,
    Snapshot,
    ViewState,
)
from veil.warehouse.session import Session, connect
from veil.warehouse.settings import Settings
from veil.warehouse.signatures import Signature
from veil.warehouse.tables import expected_columns
from veil.warehouse.uninstall import schemas_left, uninstall_statements
from veil.warehouse.writes import (
    MOST_PROFILE_BYTES,
    acknowledgement_hash,
    add_closed,
    create_salts,
    delete_closed,
    delete_objects,
    delete_profiles,
    fill_ledger,
    forget_published,
    grant_impersonation,
    profile_bytes,
    put_project_entries,
    record_published,
    revoke_impersonation,
    upsert_objects,
    upsert_profiles,
)

__all__ = [
    "EVERYBODY_READS",
    "HERE",
    "MOST_PROFILE_BYTES",
    "NOUN_OF",
    "NULL",
    "PLANNERS_VIEWS",
    "PUBLIC",
    "PUBLIC_ROUTINES",
    "PUBLIC_VIEWS",
    "SCHEMA_VERSION",
    "SEES_GRANTS",
    "SEES_OBJECTS",
    "SEES_RELATIONS",
    "TIMEOUT_ATTEMPTS",
    "Account",
    "Bearings",
    "Bootstrap",
    "ClosedRow",
    "Columns",
    "DefaultGrant",
    "EntryRow",
    "Grant",
    "Grantee",
    "ImpersonationRow",
    "Installed",
    "Layout",
    "NotInstalledError",
    "ObjectRow",
    "OtherView",
    "ProfileRow",
    "ProjectEntryRow",
    "PublishedRow",
    "RelationKind",
    "Revision",
    "RevisionMovedError",
    "Rights",
    "RoutineAttributes",
    "RoutineState",
    "RuntimeRow",
    "SchemaRow",
    "Session",
    "Settings",
    "Signature",
    "Snapshot",
    "Step",
    "TableColumn",
    "TableState",
    "Tables",
    "ViewState",
    "WarehouseError",
    "acknowledgement_hash",
    "add_closed",
    "advance_revision",
    "bootstrap_script",
    "bootstrap_steps",
    "check_foreign",
    "connect",
    "create_salts",
    "delete_closed",
    "delete_objects",
    "delete_profiles",
    "empty_statements",
    "expected_attributes",
    "expected_columns",
    "expected_routines",
    "expected_tables",
    "expected_views",
    "fill_ledger",
    "find_layouts",
    "forget_published",
    "grant_impersonation",
    "hold_writers",
    "identifier",
    "install_pieces",
    "install_statements",
    "landed",
    "literal",
    "move_on",
    "profile_bytes",
    "put_project_entries",
    "qualified",
    "read",
    "read_account",
    "read_blockers",
    "read_columns",
    "read_databases",
    "read_group_members",
    "read_installed",
    "read_only_statements",
    "read_relations",
    "read_rights",
    "read_schemas",
    "read_view_texts",
    "readable_tables",
    "record_published",
    "refusal_to_cross",
    "remove_acknowledgements",
    "remove_impersonations",
    "remove_objects",
    "remove_profiles",
    "remove_project_entries",
    "remove_published",
    "remove_runtimes",
    "repeat_reading",
    "replace_revision",
    "require_unmoved",
    "revoke_impersonation",
    "run_in_transaction",
    "schemas_left",
    "uninstall_statements",
    "upgrade_statements",
    "upsert_objects",
    "upsert_profiles",
]
