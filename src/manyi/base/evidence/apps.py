"""The Django app of ``evidence``."""

from django.apps import AppConfig

from manyi.base.evidence.sealer import sealer


class EvidenceConfig(AppConfig):
    """``base/evidence``; tells the sealer what to call once the models are there."""

    name = "manyi.base.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the sealer its operation."""
        from manyi.base.evidence.operations import seal_events  # noqa: PLC0415 — models are loaded only now

        sealer.seal = seal_events
