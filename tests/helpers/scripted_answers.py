"""Completions without a model: each names its problem and sample."""

from codecrucible.harness.models.requests import Generation


def answers_to(rows):
    """One for each row, in order."""
    return [
        Generation(
            problem_id=row.request.problem_id,
            sample_index=row.request.sample_index,
            prompt=row.rendered.text,
            prompt_sha256=row.rendered.sha256,
            completion=f"{row.request.problem_id}/{row.request.sample_index}",
            finish_reason="stop",
            prompt_tokens=len(row.rendered.token_ids),
            completion_tokens=1,
            max_new_tokens=row.max_new_tokens,
        )
        for row in rows
    ]
