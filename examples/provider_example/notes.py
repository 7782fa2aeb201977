"""A complete provider: notes, kept as text files in a folder."""

from pathlib import Path
from typing import ClassVar

from veil.plugin import Context, Model, Plan, PluginError, Provider, Resource, attribute, computed, is_known, serve


class Settings(Model):
    """Keeps notes as text files."""

    folder: str = attribute("Where the notes are kept.")


class Note(Model):
    """A note: one text file."""

    id: str = computed("The path of the file.", inputs=())
    title: str = attribute("The name of the file.", pattern=r"^[\w-]+$", requires_replace=True)
    text: str = attribute("What it says.", default="")
    words: int = computed("How many words it has.", inputs=("text",))


class NoteResource(Resource[Note]):
    type_name = "notes_note"
    model = Note

    def plan(self, plan: Plan[Note], ctx: Context) -> None:
        if plan.planned and is_known(plan.planned.text):
            plan.planned.words = len(plan.planned.text.split())

    def create(self, planned: Note, ctx: Context) -> Note:
        path: Path = ctx.client / f"{planned.title}.txt"
        if path.exists():
            raise PluginError(
                "The note exists", f"Import it:\n\n  terraform import ADDRESS {planned.title}", path=("title",)
            )
        return self._write(planned.model_copy(update={"id": str(path)}))

    def read(self, state: Note, ctx: Context) -> Note | None:
        path = Path(state.id)
        if not path.exists():
            return None
        text = path.read_text()
        return Note(id=state.id, title=path.stem, text=text, words=len(text.split()))

    def update(self, prior: Note, planned: Note, ctx: Context) -> Note:
        return self._write(planned)

    def delete(self, state: Note, ctx: Context) -> None:
        Path(state.id).unlink(missing_ok=True)

    def import_state(self, title: str, /, ctx: Context) -> Note:
        return Note.partial(id=str(ctx.client / f"{title}.txt"))

    def _write(self, note: Note) -> Note:
        Path(note.id).write_text(note.text)
        return note.model_copy(update={"words": len(note.text.split())})


class Notes(Provider):
    name = "notes"
    version = "1.0.0"
    address = "registry.terraform.io/example/notes"
    model = Settings
    resources: ClassVar = (NoteResource,)

    def configure(self, config: Settings, ctx: Context) -> Path | None:
        if not is_known(config.folder):
            return None  # A folder that another resource is about to make: enough for planning.
        return Path(config.folder).expanduser().resolve()


if __name__ == "__main__":
    serve(Notes())
