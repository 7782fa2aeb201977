"""The call of a function."""

from typing import Any

from ..api.function import Function
from ..codec.errors import CodecError
from ..diagnostics import FunctionError, PluginError
from ..schema.annotations import read_annotation
from ..schema.bindings import Binding
from ..schema.objects import bind
from ..wire import tfplugin6_pb2 as pb
from .session import Session
from .translate import read_value, write_value
from .work import UNEXPECTED


def call_function(session: Session, request: pb.CallFunction.Request) -> pb.CallFunction.Response:
    """Call one function. Errors go back as text, with the argument they are about."""
    try:
        function = session.registry.functions.get(request.name)
        arguments = [_argument(function, index, message) for index, message in enumerate(request.arguments)]
        if len(arguments) < len(function.parameters):
            raise FunctionError(_wanted(function))
        result = function.call(*arguments)
        returns = _binding(function.returns, f"{function.name} returns")
        return pb.CallFunction.Response(result=write_value(returns.to_raw(result), returns.type))
    except FunctionError as error:
        return _refused(error.text, error.argument)
    except PluginError as error:
        return _refused(str(error))
    except (Exception, SystemExit):
        session.log.debug("function %s: an exception was not handled", request.name, exc_info=True)
        return _refused(f"Internal error. {UNEXPECTED}")


def _argument(function: Function, index: int, message: pb.DynamicValue) -> Any:
    """One argument in Python; those beyond the declared parameters belong to the variadic one."""
    declared = function.parameters[index] if index < len(function.parameters) else function.variadic
    if declared is None:
        raise FunctionError(_wanted(function), index)
    binding = _binding(declared.annotation, declared.name)
    try:
        return binding.to_python(read_value(message, binding.type))
    except CodecError as error:
        raise FunctionError(str(error), index) from None


def _wanted(function: Function) -> str:
    least = "at least " if function.variadic else ""
    return f"{function.name} takes {least}{len(function.parameters)} arguments"


def _binding(annotation: Any, where: str) -> Binding:
    return bind(read_annotation(annotation, where))


def _refused(text: str, argument: int | None = None) -> pb.CallFunction.Response:
    return pb.CallFunction.Response(error=pb.FunctionError(text=text, function_argument=argument))
