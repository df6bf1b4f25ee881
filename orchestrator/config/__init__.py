"""The operator's settings: from the environment, their own config files, and harmless keys of a project."""

from orchestrator.config.settings import Settings, config_folder, settings_from

__all__ = ["Settings", "config_folder", "settings_from"]
