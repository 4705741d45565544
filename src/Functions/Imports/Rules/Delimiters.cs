namespace Chard.Functions.Imports.Rules;

/// <summary>The characters that may stand between fields.</summary>
public static class Delimiters
{
    /// <summary>Stands for a delimiter where a file has none: U+001F, ASCII's unit separator, which no text holds.</summary>
    public const char None = '\u001F';

    /// <summary>The delimiter that a caller gave, or null if there is none or it cannot be one.</summary>
    public static char? Parse(string? text) => text is not null && TryParse(text, out var delimiter) ? delimiter : null;

    /// <summary>Reads what a caller gave as the delimiter: one ASCII character, or the name of one.</summary>
    /// <returns>False if it cannot stand between fields: a letter, a digit, a quote, a line break, or more than one character.</returns>
    public static bool TryParse(string text, out char delimiter)
    {
        ArgumentNullException.ThrowIfNull(text);
        delimiter = text.ToUpperInvariant() switch
        {
            "TAB" or "\\T" => '\t',
            "COMMA" => ',',
            "SEMICOLON" => ';',
            "PIPE" => '|',
            { Length: 1 } => text[0],
            _ => '\0',
        };
        return delimiter == '\t' || (delimiter is > ' ' and <= '~' && delimiter != '"' && !char.IsAsciiLetterOrDigit(delimiter));
    }
}
