"""The public face for stage writers: everything a stage of one's own needs."""

from orchestrator.errors import Cancelled, StageFailure
from orchestrator.stage.artifacts import (
    Atlas,
    Document,
    Frame,
    Idea,
    Image,
    NormalMap,
    Picture,
    PixelGrid,
    Prompt,
    RenderPlan,
    Score,
    Sheet,
)
from orchestrator.stage.card import Card
from orchestrator.stage.context import Context
from orchestrator.stage.declaration import Port, StageSpec, stage
from orchestrator.stage.description import Description
from orchestrator.stage.gathered import Batch, Failure, Gathered, Member, batch_of
from orchestrator.stage.many import Artifact, Many
from orchestrator.stage.models import (
    Example,
    Message,
    Model,
    Painter,
    PaintReply,
    PaintRequest,
    Scorer,
    Writer,
    WriteReply,
    WriteRequest,
)
from orchestrator.stage.params import (
    CardRole,
    File,
    Glossary,
    Lexicon,
    Params,
    Resource,
    Role,
    Style,
    StylePreset,
    Template,
    TemplateText,
)
from orchestrator.stage.validated import Field
from orchestrator.stage.vocabulary import Drawn, nearest_drawable

__all__ = [
    "Artifact",
    "Atlas",
    "Batch",
    "Cancelled",
    "Card",
    "CardRole",
    "Context",
    "Description",
    "Document",
    "Drawn",
    "Example",
    "Failure",
    "Field",
    "File",
    "Frame",
    "Gathered",
    "Glossary",
    "Idea",
    "Image",
    "Lexicon",
    "Many",
    "Member",
    "Message",
    "Model",
    "NormalMap",
    "PaintReply",
    "PaintRequest",
    "Painter",
    "Params",
    "Picture",
    "PixelGrid",
    "Port",
    "Prompt",
    "RenderPlan",
    "Resource",
    "Role",
    "Score",
    "Scorer",
    "Sheet",
    "StageFailure",
    "StageSpec",
    "Style",
    "StylePreset",
    "Template",
    "TemplateText",
    "WriteReply",
    "WriteRequest",
    "Writer",
    "batch_of",
    "nearest_drawable",
    "stage",
]
