"""The script that one writes on the first day: for each idea, load the models, ask, draw, save.

    python -m benchmarks.newcomer WRITER_FOLDER PAINTER_FOLDER OUT [STEPS]

It gets the same weights, in the form that loads fastest, the same threads and precision. STEPS are those of
diffusers unless given: 50, for the script does not know what the painter's card says.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline
from transformers import AutoModelForCausalLM, AutoTokenizer

from benchmarks.ideas import IDEAS

QUESTION = "Rewrite this idea as one line of a prompt for an image generator, a game icon: "
THREADS, PRECISION = 2, torch.float32


def prompt_for(idea: str, folder: str) -> str:
    """Free text from the language model."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=PRECISION)
    chat = tokenizer.apply_chat_template(
        [{"role": "user", "content": QUESTION + idea}],
        add_generation_prompt=True,
        return_tensors="pt",
        return_dict=True,
    )
    answer = model.generate(**chat, max_new_tokens=60, do_sample=False, pad_token_id=tokenizer.eos_token_id)
    return tokenizer.decode(answer[0, chat["input_ids"].shape[1] :], skip_special_tokens=True)


def main(writer: str, painter: str, out: Path, steps: int = 50) -> None:
    """One idea after the other."""
    torch.set_num_threads(THREADS)
    out.mkdir(parents=True, exist_ok=True)
    for idea in IDEAS:
        prompt = prompt_for(idea, writer)
        pipe = StableDiffusionPipeline.from_pretrained(painter, torch_dtype=PRECISION, safety_checker=None)
        pipe.set_progress_bar_config(disable=True)
        pipe(prompt, num_inference_steps=steps).images[0].save(out / f"{idea.replace(' ', '-')}.png")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *map(int, sys.argv[4:]))
