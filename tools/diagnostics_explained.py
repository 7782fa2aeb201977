"""What stands under a title whose text the source puts together from parts: what it means, and what
to do.
"""

from collections.abc import Mapping

_GAINS = (
    "The plan lets somebody see more, by what has been planned so far. `veil diff` says who, where and by which change; the guide on it "
    "says how to let a pipeline fail by it. The provider's `gains` ends these warnings, or makes errors of them."
)

COMPOSED: Mapping[str, tuple[str, str]] = {
    "Opens … to …: veil diff shows which": ("warning", _GAINS),
    "Lets … act as others whom they could not act as: veil diff shows which": ("warning", _GAINS),
    "May let somebody see more: … known only after the apply": (
        "error",
        "The provider's `gains` is `error`, and whether somebody sees more depends on a value that is known only after the apply. Apply "
        "what it comes from first, for example with -target.",
    ),
}
"""Titles that are put together themselves, each with how serious it is and what stands under it."""

EXPLAINED: Mapping[str, str] = {
    "Tables that are not governed": "Tables of a schema in `monitored_schemas` are no data sources. Make a veil_data_source of each, or "
    "move what is not to be governed to another schema. `on_new_tables` makes this a failing check, or ends the warning.",
    "Altered outside Terraform": "Somebody altered what veil keeps in the warehouse. Each line says what differs; the next apply "
    "repairs it. Where the alteration was meant, change the configuration instead.",
    "An apply cannot repair this: …": "Something about this table lets people around its view, or keeps the view from working, and "
    "is not veil's to change: a grant on the table, a view of others that reads it, a table that is gone. The text says what, and "
    "who can put it right.",
    "An apply cannot repair this: what others made in veil's schemas": "Objects of others in veil's schemas that veil may not drop. "
    "Let whoever owns them, or a superuser, run the statements that are listed.",
    "Others made something in veil's schemas": "Objects that veil did not make stand in its schemas. They are left as they are, and "
    "named, so that their owners can move them.",
    "Closed to everybody: …": "A policy that covers this table could not be applied, so its view shows no rows. Correct the policy and "
    "apply, or name the failure in `reopen` of the data source.",
    "Column that filters do not reach": "A column in `filter_columns` is about a mask, a null tag or a row rule, so it stays behind its "
    "guard, and filters on it do not reach the scan of the table. Take it out of `filter_columns` if that is right.",
    "Data source closed by the baseline": "A tag in `closed_tags` of the integration's baseline closes the data source until a policy "
    "covers what carries it. Add the policy, or take the tag away.",
    "Data source closed until its policies are there": "The data source lists a policy that does not exist. Its view shows no rows until "
    "the policy is made, or no longer listed.",
    "Data source that nobody may read": "No grant and no subscription admits anybody. Add a veil_subscription_policy that applies to the "
    "data source, or a veil_subscription.",
    "Destroying a policy shows more of a data source that stays": "With the policy goes a mask, a filter or a guardrail of a data source "
    "that is not destroyed. Where another policy takes over, apply that one first, or list it in the data source's `policies`.",
    "Equalized project with a member who has no profile": "A member without a profile sees no rows, and so no member does while acting in "
    "the project. Make a profile for each of them, or take them out of `members`.",
    "Expression that cannot be read": "The text is not one of the policy language. A caret stands under the place, and a line below it "
    "says what to write instead. The guide to the policy language has all that an expression may hold.",
    "Expression that is too long": "The SQL that it becomes is longer than a view may be. Shorten it, or move what is long into a lookup "
    "table.",
    "Expression that needs a data source": "`@value`, `@database` and the like have no meaning without a data source. Name the column "
    "instead.",
    "Import is not supported": "A resource of this type cannot be imported.",
    "Nothing to import": "There is no object of this name. Correct the id of the import.",
    "Invalid schema prefix": "The prefix begins the names of veil's own schemas: 1 to 100 lower case letters, digits and underscores, not "
    "beginning with a digit.",
    "Listed policy that does not apply": "The data source lists a policy whose `applies_to` does not reach it. The list holds the view back "
    "until the policy is there, and has no other effect: correct `applies_to`, or take it off the list.",
    "Lookup that does not fit": "A lookup compares columns of types that do not go together. CAST one side, or look up another column.",
    "Mask that may leave a value as it is": "This kind of mask leaves some values unchanged, such as a `regex` that matches nothing in "
    "them. Where no value may be shown, use `hash`, `constant` or `null`.",
    "Move is not supported": "A resource of the one type cannot become one of the other. Import it instead.",
    "Name that no profile holds": "A policy asks for a group, an attribute or a purpose that no profile holds and no project carries, of "
    "those that are deployed or planned so far. The nearest that somebody has is named. The titles are `No profile holds the group …` "
    'and the like. Correct the name, or give it to somebody; `unknown_names = "ignore"` in the provider block ends these warnings.',
    "Profile of a user whom the warehouse does not have": "A new profile is for a user whom the warehouse does not have now; the nearest "
    "that it has is named. The title is `The warehouse has no user …`. Correct the name, which counts to the letter, or create the user; "
    '`unknown_names = "ignore"` in the provider block ends these warnings.',
    "Name that Redshift cannot hold": "A name is too long, or holds a character that Redshift does not store. Choose another one.",
    "Text that Redshift cannot hold": "A text is too long, or holds a character that Redshift does not store. Change it.",
    "Policy that applies nowhere": "`applies_to` is empty. Say which data sources or columns the policy is for.",
    "Policy that matches nothing": "No data source and no column that is registered has what `applies_to` names. Check the spelling of its "
    "tags and names, or register what the policy is for.",
    "Row policy with an empty list": "A list in the rule is empty, so the rule shows no row, or under `value_not_in` every row with a value. "
    "Fill it in if it should not.",
    "Several masks on one column": "Several policies mask one column. The text says in which order they decide: the highest `priority` "
    "first, then the deeper tag, then the name. Set `priority` where another order is meant.",
    "Star that is no wildcard": "`*` stands for any run of characters only beside an infrastructure variable, in the value of "
    "`@hasAttribute` in a subscription policy. Here it stands for itself.",
    "The view cannot be made": "The warehouse refuses the view, or something of others stands in its place. The text says what it answered. "
    "Correct the policy or the data source that it names, or move what is in the way.",
    "The view cannot be replaced": "The warehouse does not put the new view in the place of the old one, mostly because of what others made "
    "on top of it. Let its owner drop that, and apply again.",
    "View that is too long": "The statement that makes the view would be longer than 1,000,000 bytes. Shorten the expressions of the policies "
    "that are named, or govern fewer columns by them.",
    "Transactions got in each other's way": "The warehouse refused a transaction because another one changed the same objects. It was "
    "tried several times. Apply again when the others are done.",
    "Two data sources on one table": "Two resources declare data sources on one table. Keep one of them.",
    "Two data sources with one view": "Two data sources would have one view. Give one of them another `view_name` or `view_schema`.",
    "Two impersonations of one user": "Two resources say whom one user may act as. Keep one of them.",
    "Two integrations in one database": "A database has one integration. Keep one of the resources.",
    "Two policies of one name": "Data sources list masking and row policies by name, so one name cannot stand for two. Choose another one.",
    "Two profiles of one user": "A user has a profile from one resource only. Take the user out of the others.",
    "Two … of one user to one data source": "Two resources admit one user to one data source, or refuse it. Keep one of them.",
    "Unknown …": "The provider has no resource, data source or function of this name. Check the spelling, and the version of the provider.",
    "What others made stays": "The integration was destroyed, and what others made in its schemas is still there, with these schemas.",
    "What only the integration holds will be lost": "Destroying or replacing the integration takes with it what no configuration brings "
    "back: the salts, what users chose and agreed to, and what was approved at run time. Where only its address changes, write a `moved` "
    "block.",
    "What others made will stay": "Destroying the integration leaves what others made in its schemas, and these schemas with it.",
    "What veil made stays": "Nothing in the warehouse records the integration any more, so destroying it removes nothing. What is left is "
    "listed, for an administrator to drop.",
    "What veil made will stay": "Nothing in the warehouse records the integration any more, so destroying it will remove nothing. What is "
    "left is listed. An apply, before the destroy, makes the integration anew.",
    "No connection to the catalog": "The data catalog could not be reached; the text says why. Check `url` in the provider's `catalog` "
    "block, and the network.",
    "The ca_file cannot be used": "The file of certificates in the provider's `catalog` block cannot be read. Name a PEM file.",
    "The catalog failed": "The data catalog answered with an error of its own. Try again later, or ask who runs it.",
    "The catalog's answer cannot be used": "The data catalog answered something that has not the form that it documents. The text says what "
    "is wrong. Check that `url` leads to the catalog.",
    "The catalog's settings cannot be used": "Something in the provider's `catalog` block, or in the variables in its place, cannot be used. "
    "The text says what.",
    "The manifest cannot be read": "The dbt manifest is not there or is no JSON. Run `dbt compile`, and name `target/manifest.json`.",
    "The manifest cannot be used": "The dbt manifest has not the form that veil reads. The text says what is wrong and where.",
    "The user file cannot be read": "The file of users could not be opened. Check its rights, and that it is UTF-8.",
    "… does not run": "A program that the command needs could not be started. Install it, or correct the path.",
    "… … failed (exit code …)": "A program that the command runs failed. What it printed stands above.",
    "A dry run needs the embedded engine": "`--dry-run` tries everything on the embedded engine, which did not start; the text says why. Where it "
    "is not installed, install veil with its `local` extra, or certify on a warehouse.",
    "Not a name": 'The argument is no dotted name, such as `raw.customers` or `governed."odd name"`.',
    "Not a value": "The text after `=` is not a value of the column's type.",
    "Terraform cannot show the plan": "`terraform show -json` failed on the plan. Use the version of Terraform that made it, in the same "
    "folder, after `terraform init`.",
    "The embedded engine cannot be used": "The embedded engine is not installed here, or does not work on this system. The text says why.",
    "The files cannot be written": "The folder cannot be written to. Choose another one.",
    "The launcher could not be written": "The folder in which Terraform looks for providers cannot be written to. The text says why.",
    "The report could not be written": "The report's file cannot be written. Choose another one with `--report`.",
    "The rules cannot be read": "`veil.rules.toml` has not the form that is expected. The text says what is wrong and where.",
}
