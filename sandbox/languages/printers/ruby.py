"""Prints values of Ruby so that two have one text if, and only if, `==` holds between them.

So `1` and `1.0` are one text, and keys of a hash, which `eql?` compares, are two.
"""

from collections.abc import Callable

from codecrucible.sandbox.languages.declaration import Printer

TEXT = r"""
module Crucible
  def self.number(value)
    return value.to_s if Integer === value
    if Complex === value
      real, imaginary = number(value.real), number(value.imaginary)
      return imaginary == "0" ? real : "(#{real}+#{imaginary}i)"
    end
    return value.nan? ? "NaN" : value.to_s if Float === value && !value.finite?
    return value.to_i.to_s if value == value.to_i
    return value.to_f.to_s if Rational === value && value.to_f.to_r == value
    Float === value ? value.to_s : value.inspect
  end

  def self.string(value)
    quoted = '"' + value.b.gsub(/["\\]/n) { |found| "\\" + found } + '"'
    value.empty? || value.ascii_only? || value.encoding == Encoding::UTF_8 ? quoted : quoted + value.encoding.name
  end

  def self.text(value, depth = 0, key: false)
    return "endless" if depth > 200
    inner = ->(item) { text(item, depth + 1, key: key) }
    hashed = ->(item) { text(item, depth + 1, key: true) }
    case value
    when nil then "nil"
    when true, false then value.to_s
    when Numeric then (key ? value.class.name : "").b + number(value)
    when String then string(value)
    when Symbol then ":".b + string(value.name)
    when Array then "[".b + value.map(&inner).join(", ".b) + "]"
    when Hash
      "{".b + value.map { |name, item| hashed.(name) + " => " + inner.(item) }.sort.join(", ".b) + "}"
    when Range then "(".b + inner.(value.begin) + (value.exclude_end? ? "..." : "..") + inner.(value.end) + ")"
    else
      return "Set[".b + value.map(&hashed).sort.join(", ".b) + "]" if defined?(::Set) && ::Set === value
      "object(#{value.class})".b
    end
  end

  def self.answer(number, value)
    whole = text(value).b
    whole = "#{number} #{whole.bytesize} ".b + whole + "\n"
    channel = IO.for_fd(3, "wb", autoclose: false)
    channel.write(whole)
    channel.flush
  end
end
"""
STATEMENT = "Crucible.answer({number}, {value})"


def printer_with(wire: Callable[[str, str], str]) -> Printer:
    """Ruby's, for tests that `wire` runs."""
    return Printer(
        text=TEXT,
        statement=STATEMENT,
        program=lambda program, printer, tests: f"{program}\n{printer}\n{wire(tests, '')}",
        never_equal=r"\bNaN\b|\bobject\(",
    )
