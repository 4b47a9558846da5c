"""Prints values of Elixir so that two have one text if, and only if, `==` holds between them.

So `1` and `1.0` are one text, but not as keys of a map.
"""

from collections.abc import Callable

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
defmodule Crucible do
  def answer(number, value) do
    text = text(value, 0)
    {:ok, channel} = :file.open('/dev/fd/3', [:append, :raw])
    head = Integer.to_string(number) <> " " <> Integer.to_string(byte_size(text)) <> " "
    :ok = :file.write(channel, [head, text, "\n"])
    :ok = :file.close(channel)
  end

  defp text(_value, depth) when depth > 200, do: "endless"
  defp text(value, _depth) when is_integer(value), do: Integer.to_string(value)
  defp text(value, _depth) when is_float(value) do
    if value == trunc(value), do: Integer.to_string(trunc(value)), else: Float.to_string(value)
  end
  defp text(value, _depth) when is_atom(value), do: inspect(value)
  defp text(value, _depth) when is_binary(value) do
    quoted = value |> :binary.replace("\\", "\\\\", [:global]) |> :binary.replace("\"", "\\\"", [:global])
    "\"" <> quoted <> "\""
  end
  defp text(value, _depth) when is_bitstring(value), do: inspect(value, limit: :infinity)
  defp text(value, depth) when is_list(value), do: "[" <> elements(value, "", depth + 1) <> "]"
  defp text(value, depth) when is_tuple(value), do: "{" <> elements(Tuple.to_list(value), "", depth + 1) <> "}"
  defp text(value, depth) when is_map(value) do
    pairs = for {key, item} <- :maps.to_list(value), do: [key(key), " => ", text(item, depth + 1)]
    "%{" <> (pairs |> Enum.map(&IO.iodata_to_binary/1) |> Enum.sort() |> Enum.join(", ")) <> "}"
  end
  defp text(_value, _depth), do: "object"

  defp key(value) when is_float(value) and value == 0, do: "0.0"
  defp key(value), do: inspect(value, limit: :infinity, printable_limit: :infinity, structs: false)

  defp elements([], _between, _depth), do: ""
  defp elements([first | rest], between, depth), do: between <> text(first, depth) <> elements(rest, ", ", depth)
  defp elements(rest, _between, depth), do: " | " <> text(rest, depth)
end
"""


def printer_with(wire: Callable[[str, str], str]) -> Printer:
    """Elixir's, for tests that `wire` runs."""
    return Printer(
        text=_TEXT,
        statement="Crucible.answer({number}, {value})",
        program=lambda program, printer, tests: f"{program}\n{printer}\n{wire(tests, ':ok')}",
        never_equal=r"\bobject\b",
    )
