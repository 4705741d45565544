using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chard.Infra.Tests.Settings;

/// <summary>The app settings that a compiled template gives the app, whatever its parameters.</summary>
internal static partial class TemplateSettings
{
    /// <summary>Their names, as in the environment (<c>Chard__Clock</c>).</summary>
    public static IReadOnlySet<string> Of(JsonElement template)
    {
        // The settings are one expression of createObject('name', value, …) and of names that depend on a parameter; values are no names.
        string settings = template.GetProperty("resources").GetProperty("app").GetProperty("properties").GetProperty("parameters")
            .GetProperty("settings").GetProperty("value").GetRawText();
        string conditional = template.GetProperty("variables").TryGetProperty("given", out JsonElement given) ? given.GetRawText() : "";
        return new HashSet<string>(Literal().Matches(settings + conditional).Select(match => match.Groups["name"].Value));
    }

    // As JSON an apostrophe may be written \u0027.
    [GeneratedRegex(@"(?:'|\\u0027)(?<name>[A-Za-z][A-Za-z0-9]*(?:__[A-Za-z][A-Za-z0-9]*)+|[A-Z]+(?:_[A-Z]+)+)(?:'|\\u0027)")]
    private static partial Regex Literal();
}
