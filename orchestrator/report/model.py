"""A finished run as plain data: what the summary, the page, the notebook and `--json` are made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from orchestrator.events import Outcome
from orchestrator.report.wiring import Wiring


@dataclass(frozen=True, slots=True)
class PromptReport:
    """What an idea became.

    Attributes:
        stage: recipe name of the stage whose output ends this report (the plan's, else the prompt's).
        coordinates: ids by dimension, in declared order.
        idea: the text as the recipe has it.
        translation: what it was read as, where that differs; "" otherwise.
        prompt: fields of the structured prompt.
        settings: fields of the render plan; empty where none was made.
        reasons: one line for each choice, by the name of the field or setting.
    """

    stage: str
    coordinates: Mapping[str, str]
    idea: str = ""
    translation: str = ""
    prompt: Mapping[str, object] = field(default_factory=dict[str, object])
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def further_reasons(self) -> Mapping[str, str]:
        """Reasons that belong to no field or setting."""
        names = {*self.prompt, *self.settings}
        return {name: reason for name, reason in self.reasons.items() if name not in names}


@dataclass(frozen=True, slots=True)
class PictureReport:
    """A picture that a run leaves behind, with all that decided it.

    Attributes:
        name: file name below the output folder, with `/`: `fire-sword_flat.png`.
        made: the idea, prompt and settings; None for a picture of many items (a contact sheet).
        identity: key of the work item; equal keys mean equal causes.
        artifact: digest of the pixels.
        model: the card's name of the model that drew it; "" where none did.
        stored: whether it came from the store.
        png: reads the picture as a PNG file; called only by those that embed it.
    """

    name: str
    stage: str
    coordinates: Mapping[str, str]
    width: int
    height: int
    made: PromptReport | None = None
    seed: int | None = None
    identity: str = ""
    artifact: str = ""
    model: str = ""
    model_identity: str = ""
    seconds: float = 0.0
    stored: bool = False
    degraded: bool = False
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    png: Callable[[], bytes] = field(default=bytes, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ReviewReport:
    """An item of a review stage.

    Attributes:
        state: `waiting`, `rejected`, `approved`, or `stale`: approved, and made from something else now.
        artifact: digest of the picture as it is now, which a decision names.
        approved: digest of the one that passed; "" where none did.
        made_from: digest of its causes, which a decision names too.
        name: file name below the output folder of the picture as it is now; approved ones have no such file.
        entry: the line of the review file that approves it.
    """

    review: str
    coordinates: Mapping[str, str]
    state: str
    idea: str = ""
    artifact: str = ""
    approved: str = ""
    made_from: str = ""
    name: str = ""
    entry: str = ""
    png: Callable[[], bytes] = field(default=bytes, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FailureReport:
    """A work item that could not be made, and why."""

    stage: str
    coordinates: Mapping[str, str]
    message: str
    code: str = "E501"
    help: str = ""


@dataclass(frozen=True, slots=True)
class ModelReport:
    """A model that the run used: where it came from and under which licence."""

    role: str
    kind: str
    name: str
    source: str
    identity: str = ""
    licence: str = ""
    attribution: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run.

    Attributes:
        name: of the recipe.
        recipe: its file, as the user named it; `recipe_digest` covers its bytes.
        run: id of the run; `started` is an ISO 8601 time in UTC.
        prompts: what the ideas became, for a run that ends before anything is drawn; else empty.
        counts: work items by outcome; their sum is what was submitted.
        dimensions: ids by dimension, in declared order.
        out: the output folder as the user named it; "" when nothing was written.
        findings: what the check warned of; `warnings` what stages did, a line for each kind with its items.
        kept: files left as they were because somebody edited them.
        blocked: files that could not be written, with the reason.
        there: names of the files that stand in the folder now; None before they were written.
        stopped_writing: the user stopped it while files were written.
        aside: names of files that gave way to another recipe's of the same folder, with those that they have.
        partial: only a part of the recipe was run; its page stands beside that of the whole.
        wiring: what the page draws the stages from.
    """

    name: str
    recipe: str = ""
    recipe_digest: str = ""
    run: str = ""
    seed: int = 0
    started: str = ""
    seconds: float = 0.0
    pictures: tuple[PictureReport, ...] = ()
    sheets: tuple[PictureReport, ...] = ()
    prompts: tuple[PromptReport, ...] = ()
    failures: tuple[FailureReport, ...] = ()
    reviews: tuple[ReviewReport, ...] = ()
    counts: Mapping[Outcome, int] = field(default_factory=dict[Outcome, int])
    models: tuple[ModelReport, ...] = ()
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    findings: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    out: str = ""
    kept: tuple[str, ...] = ()
    blocked: Mapping[str, str] = field(default_factory=dict[str, str])
    there: frozenset[str] | None = None
    stopped_writing: bool = False
    aside: Mapping[str, str] = field(default_factory=dict[str, str])
    partial: bool = False
    wiring: Wiring | None = None

    @property
    def page_name(self) -> str:
        """The file that the page is written to."""
        return self._named("partial.html" if self.partial else "index.html")

    @property
    def record_name(self) -> str:
        """The file that `run_json` is written to."""
        return self._named("partial-run.json" if self.partial else "run.json")

    def set_aside(self, aside: Mapping[str, str]) -> RunReport:
        """The report with the names that its files have, some having given way to another recipe's."""
        if not aside:
            return self
        return replace(
            self,
            aside=dict(aside),
            pictures=tuple(replace(each, name=aside.get(each.name, each.name)) for each in self.pictures),
            sheets=tuple(replace(each, name=aside.get(each.name, each.name)) for each in self.sheets),
            reviews=tuple(replace(each, name=aside.get(each.name, each.name)) for each in self.reviews),
        )

    def _named(self, name: str) -> str:
        return self.aside.get(name, name)

    @property
    def waiting(self) -> tuple[ReviewReport, ...]:
        """The items of review stages that somebody should look at."""
        return tuple(review for review in self.reviews if review.state != "approved")

    @property
    def cancelled(self) -> bool:
        """Whether the user stopped it."""
        return self.counts.get("cancelled", 0) > 0

    @property
    def nothing_rendered(self) -> bool:
        """Whether the store had everything."""
        return {outcome for outcome, count in self.counts.items() if count} == {"stored"}


def named(coordinates: Mapping[str, str]) -> str:
    """An item as people name it: `fire-sword, flat`."""
    return ", ".join(coordinates.values())
