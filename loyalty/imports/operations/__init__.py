"""What may happen to imports: a file is taken in, matched, previewed, run and taken back."""

from loyalty.imports.models import Import
from loyalty.imports.operations.beginning import discard, go_on, match, start, undo
from loyalty.imports.operations.forgetting import drop_old, forget_customer, forget_everyone
from loyalty.imports.operations.running import run_some
from loyalty.imports.operations.staging import day_first_of, stage_some
from loyalty.imports.operations.steps import work_of
from loyalty.imports.operations.undoing import shortfall_of, undo_some
from loyalty.imports.operations.uploading import upload

work = work_of({Import.State.READING: stage_some, Import.State.RUNNING: run_some, Import.State.UNDOING: undo_some})
"""The job, as `programs.scheduling.run` does it."""

__all__ = [
    "day_first_of",
    "discard",
    "drop_old",
    "forget_customer",
    "forget_everyone",
    "go_on",
    "match",
    "shortfall_of",
    "start",
    "undo",
    "upload",
    "work",
]
