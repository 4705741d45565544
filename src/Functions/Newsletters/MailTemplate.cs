using System.Net;
using System.Text;
using Chard.Domain.Failures;

namespace Chard.Functions.Newsletters;

/// <summary>
/// Text with placeholders: <c>{{name}}</c>, <c>{{address}}</c> or a field of the recipient, and <c>{{name|reader}}</c> with what to write
/// if the recipient has no such value. Names ignore case. There is no way to write two opening braces as such.
/// </summary>
public static class MailTemplate
{
    private const string Open = "{{";
    private const string Close = "}}";

    /// <summary>What is wrong with <paramref name="template"/>; null if it can be filled in.</summary>
    public static string? Fault(string template)
    {
        ArgumentNullException.ThrowIfNull(template);
        for (int at = 0; (at = template.IndexOf(Open, at, StringComparison.Ordinal)) >= 0;)
        {
            int end = template.IndexOf(Close, at, StringComparison.Ordinal);
            if (end < 0)
            {
                return $"The placeholder at character {at + 1} is not closed by '}}}}'.";
            }

            string name = template[(at + Open.Length)..end].Split('|', 2)[0].Trim();
            if (name.Length is 0 or > 64 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            {
                return $"The placeholder at character {at + 1} has no name of 1 to 64 letters, digits, '_' and '-'.";
            }

            at = end + Close.Length;
        }

        return null;
    }

    /// <summary>Fills in the values of <paramref name="recipient"/>.</summary>
    /// <param name="template">A template without faults.</param>
    /// <param name="recipient">Whose values.</param>
    /// <param name="html">True to encode values for HTML.</param>
    /// <exception cref="PermanentTaskException">Code <c>missing-value</c>: the recipient lacks a value that has no substitute.</exception>
    public static string Render(string template, Recipient recipient, bool html)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(recipient);
        var result = new StringBuilder(template.Length + 64);
        int done = 0;
        for (int at; (at = template.IndexOf(Open, done, StringComparison.Ordinal)) >= 0;)
        {
            int end = template.IndexOf(Close, at, StringComparison.Ordinal);
            result.Append(template, done, at - done);
            string value = Value(template[(at + Open.Length)..end], recipient);
            result.Append(html ? WebUtility.HtmlEncode(value) : value);
            done = end + Close.Length;
        }

        return result.Append(template, done, template.Length - done).ToString();
    }

    private static string Value(string placeholder, Recipient recipient)
    {
        string[] parts = placeholder.Split('|', 2);
        string name = parts[0].Trim();
        string? value = name.ToUpperInvariant() switch
        {
            "NAME" => recipient.Name,
            "ADDRESS" => recipient.Address,
            _ => recipient.Fields?.FirstOrDefault(f => string.Equals(f.Key, name, StringComparison.OrdinalIgnoreCase)).Value,
        };
        return !string.IsNullOrEmpty(value) ? value
            : parts.Length == 2 ? parts[1].Trim()
            : throw new PermanentTaskException(
                "missing-value",
                $"{recipient.Address} has no '{name}', which the template needs. Give it, or a substitute in the template: "
                    + $"{{{{{name}|reader}}}}.");
    }
}
