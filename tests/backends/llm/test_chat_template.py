"""Chat templates say what transformers says of them, and a hostile one ends quickly and small."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from orchestrator.backends.llm.chat_template import fill_in
from orchestrator.errors import StageFailure

CHAT = [
    {"role": "system", "content": " You name things. "},
    {"role": "user", "content": "a fire sword, 一只猫"},
    {"role": "assistant", "content": "yes"},
    {"role": "user", "content": "and {{ now }}?"},
]
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}
TEMPLATES = {
    "chatml": (
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
        "{{ '<|im_start|>system\nYou are helpful<|im_end|>\n' }}{% endif %}"
        "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    ),
    "llama 3": (
        "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = "
        "'<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}"  # noqa: E501 - as a model's folder has it
        "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
    ),
    "mistral": (
        "{%- if messages[0]['role'] == 'system' %}{%- set system_message = messages[0]['content'] %}"
        "{%- set loop_messages = messages[1:] %}{%- else %}{%- set loop_messages = messages %}{%- endif %}\n"
        "{{- bos_token }}{%- for message in loop_messages %}\n"
        "  {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('alternate') }}{% endif %}\n"  # noqa: E501 - as a model's folder has it
        "  {%- if message['role'] == 'user' %}{{- '[INST] ' }}{%- if loop.last and system_message is defined %}"  # noqa: E501 - as a model's folder has it
        "{{- system_message + '\\n\\n' }}{%- endif %}{{- message['content'] + ' [/INST]' }}\n"
        "  {%- else %}{{- ' ' + message['content'] + eos_token }}{%- endif %}{%- endfor %}\n"
    ),
    "namespace": (
        "{%- set ns = namespace(system='', count=0) -%}{% for m in messages %}{% if m.role == 'system' %}"
        "{% set ns.system = m['content'].strip() %}{% continue %}{% endif %}{% set ns.count = ns.count + 1 %}"
        "{% generation %}{{ ns.count ~ '. ' ~ m.content.split(',')[0] }}{% endgeneration %}\n{% endfor %}"
        "{{ ns.system | upper }} {{ messages | tojson }} {{ '=' * 20 }} {{ messages | map(attribute='role') | join(', ') }}"  # noqa: E501 - as a model's folder has it
    ),
    "macro": (
        "{%- macro turn(m) -%}<{{ m['role'] | capitalize }}>{{ m['content'] | trim | replace('a', 'A') }}{%- endmacro -%}"  # noqa: E501 - as a model's folder has it
        "{% for m in messages %}{{ turn(m) }}{{ '\n' if not loop.last }}{% endfor %}{% if tools %}no{% endif %}"  # noqa: E501 - as a model's folder has it
    ),
}


@pytest.mark.parametrize("ask", [True, False])
@pytest.mark.parametrize("name", TEMPLATES)
def test_it_says_what_transformers_says(name: str, *, ask: bool) -> None:
    from transformers.utils.chat_template_utils import render_jinja_template

    expected, _ = render_jinja_template(
        [CHAT], chat_template=TEMPLATES[name], add_generation_prompt=ask, **TOKENS
    )
    assert fill_in(TEMPLATES[name], CHAT, ask=ask, tokens=TOKENS) == expected[0]


HOSTILE = [
    "{{ 'x' * 3000000000 }}",
    "{{ 3000000000 * 'x' }}",
    "{{ ['x'] * 3000000000 }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{{ messages }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set ns = namespace(x='x') %}{% for a in range(99999) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "{% set ns = namespace(x='x') %}{% for a in range(99999) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "{{ 'x'.center(3000000000) }}",
    "{{ 'x'.ljust(3000000000) }}",
    "{{ 'x' | center(3000000000) }}",
    "{{ 'x' | indent(3000000000) }}",
    "{{ '%3000000000d' % 1 }}",
    "{{ '{:>3000000000}'.format(1) }}",
    "{{ '%3000000000d' | format(1) }}",
    "{{ ('x' * 90000).replace('x', 'y' * 90000) }}",
    "{{ ('x' * 90000) | replace('x', 'y' * 90000) }}",
    "{{ ('x' * 90000).translate({120: 'y' * 90000}) }}",
    "{{ ('\\t' * 90000).expandtabs(90000) }}",
    "{{ (['x' * 1000] * 90000) | join }}",
    "{{ 9 ** 99 ** 99 }}",
    "{{ [1, 2] | batch(3000000000, 'x') | list }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ raise_exception('no') }}",
    "{% for a in messages %}" * 30 + "{% endfor %}" * 30,
    "{{ " + "(" * 5000,
    "{% if %}",
]


@pytest.mark.parametrize("template", HOSTILE)
def test_a_hostile_template_ends_quickly_and_small(template: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(StageFailure) as problem:
        fill_in(template, CHAT, ask=True, tokens=TOKENS)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert problem.value.code == "E416"
    assert time.process_time() - started < 5
    assert most < 60_000_000
