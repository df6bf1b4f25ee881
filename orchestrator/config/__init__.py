"""The operator's settings: from the environment, their own config files, and harmless keys of a project."""

from orchestrator.config.endpoint import EndpointSettings
from orchestrator.config.settings import Settings, config_folder, settings_from
from orchestrator.config.usable import unusable, unusable_settings

__all__ = [
    "EndpointSettings",
    "Settings",
    "config_folder",
    "settings_from",
    "unusable",
    "unusable_settings",
]
