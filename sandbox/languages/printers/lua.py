"""Prints values of Lua so that two have one text if, and only if, LuaUnit's `assertEquals` takes them for equal.

So `1` and `1.0` are one text, tables are what is in them, and a function that answers nothing answers `nil`.
"""

from collections.abc import Callable

from codecrucible.sandbox.languages.declaration import Printer

TEXT = r"""
local crucible_answer = (function()
  local type, tostring, tonumber, next, format = type, tostring, tonumber, next, string.format
  local gsub, concat, sort, floor, kind, open = string.gsub, table.concat, table.sort, math.floor, math.type, io.open
  local function number(value)
    if value ~= value then return "nan" end
    if kind(value) == "integer" or (value == floor(value) and value >= -2^63 and value < 2^63) then
      return format("%d", value)
    end
    for digits = 15, 16 do
      local text = format("%." .. digits .. "g", value)
      if tonumber(text) == value then return text end
    end
    return format("%.17g", value)
  end
  local function text_of(value, depth)
    local of = type(value)
    if depth > 150 then return "endless" end
    if of == "number" then return number(value) end
    if of == "string" then return '"' .. gsub(value, '["\\]', '\\%0') .. '"' end
    if of == "nil" or of == "boolean" then return tostring(value) end
    if of ~= "table" then return of end
    local count, texts = 0, {}
    for _ in next, value do count = count + 1 end
    for at = 1, count do
      local item = rawget(value, at)
      if item == nil then break end
      texts[at] = text_of(item, depth + 1)
    end
    if #texts == count then return "{" .. concat(texts, ", ") .. "}" end
    texts = {}
    for key, item in next, value do
      local name = type(key) == "table" and "userdata" or text_of(key, depth)  -- equal to itself alone
      texts[#texts + 1] = "[" .. name .. "] = " .. text_of(item, depth + 1)
    end
    sort(texts)
    return "{" .. concat(texts, ", ") .. "}"
  end
  return function(at, value)
    local text = text_of(value, 0)
    local channel = assert(open("/dev/fd/3", "wb"))
    assert(channel:write(format("%d %d ", at, #text), text, "\n"))
    assert(channel:close())
  end
end)()
"""
STATEMENT = "crucible_answer({number}, ({value}))"


def printer_with(wire: Callable[[str, str], str]) -> Printer:
    """Lua's, for tests that `wire` runs."""
    return Printer(
        text=TEXT,
        statement=STATEMENT,
        program=lambda program, printer, tests: f"{program}\n{printer}\n{wire(tests, '')}",
        never_equal=r"\bnan\b|\b(?:function|thread|userdata)\b",
    )
