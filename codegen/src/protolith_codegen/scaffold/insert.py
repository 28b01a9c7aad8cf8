"""Missing methods at the end of a handler's class."""

from protolith_codegen.model import MessageRef, Method
from protolith_codegen.scaffold.edit import Editor
from protolith_codegen.scaffold.imports import WIDTH
from protolith_codegen.scaffold.package import HandlerClass


def add_methods(target: HandlerClass, methods: list[Method]) -> bytes:
    """The module of a class with the methods added, each answering a stub."""
    editor = Editor(target.module.source)
    indent = _indent(target, editor)
    text = "".join(f"\n{_method(method, editor, indent)}" for method in methods)
    editor.add(editor.end_of_line(target.node.end_lineno or target.node.lineno), text)
    return editor.result()


def _indent(target: HandlerClass, editor: Editor) -> str:
    """Indentation of the class's body; a body on the class's own line is moved to the next first."""
    first = target.node.body[0]
    start = editor.offset(first.lineno)
    before = editor.source[start : start + first.col_offset]
    if not before.strip():
        return before.decode()
    editor.add(start + first.col_offset, "\n    ")
    return "    "


def _method(method: Method, editor: Editor, indent: str) -> str:
    request, response = _bind(method.request, editor), _bind(method.response, editor)
    given, answer = request, response
    if method.client_streaming:
        given = f"{editor.bind('collections.abc', 'AsyncIterator')}[{request}]"
    if method.server_streaming:
        answer = f"{editor.bind('collections.abc', 'AsyncIterator')}[{response}]"
    context, stub = editor.bind("protolith", "Context"), editor.bind("protolith.stub", "stub_answer")
    parameters = f"self, {method.request_parameter}: {given}, context: {context}"
    head = f"{indent}async def {method.attribute}({parameters}) -> {answer}:\n"
    if len(head) > WIDTH + 1:
        head = f"{indent}async def {method.attribute}(\n{indent}    {parameters}\n{indent}) -> {answer}:\n"
    word = "yield" if method.server_streaming else "return"
    return f"{head}{indent}    {word} {stub}({response})\n"


def _bind(message: MessageRef, editor: Editor) -> str:
    """Expression for a message class; a nested one is reached through its outermost."""
    outer, dot, inner = message.local_name.partition(".")
    return f"{editor.bind(message.module, outer)}{dot}{inner}"
