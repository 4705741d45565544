using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chard.EndToEnd.Tests.Readme;

/// <summary>Holds a document against one that a README shows, in which <c>…</c> stands for any text and a time for any time.</summary>
internal static class JsonLikeness
{
    /// <summary>The differences, each with its place. Empty if the document is as it was shown.</summary>
    public static IEnumerable<string> Differences(JsonElement shown, JsonElement real, string place = "$")
    {
        if (shown.ValueKind != real.ValueKind)
        {
            return [$"{place}: shown is {shown.GetRawText()}, and there is {real.GetRawText()}"];
        }

        return shown.ValueKind switch
        {
            JsonValueKind.Object => Members(shown, real, place),
            JsonValueKind.Array => Items(shown, real, place),
            JsonValueKind.String when IsLike(shown.GetString()!, real.GetString()!) => [],
            _ when shown.GetRawText() == real.GetRawText() => [],
            _ => [$"{place}: shown is {shown.GetRawText()}, and there is {real.GetRawText()}"],
        };
    }

    private static IEnumerable<string> Members(JsonElement shown, JsonElement real, string place)
    {
        foreach (JsonProperty member in shown.EnumerateObject())
        {
            if (!real.TryGetProperty(member.Name, out JsonElement value))
            {
                yield return $"{place}: '{member.Name}' is shown, and is not there";
                continue;
            }

            foreach (string difference in Differences(member.Value, value, $"{place}.{member.Name}"))
            {
                yield return difference;
            }
        }

        foreach (JsonProperty member in real.EnumerateObject())
        {
            if (!shown.TryGetProperty(member.Name, out _))
            {
                yield return $"{place}: '{member.Name}' is there, and is not shown";
            }
        }
    }

    private static IEnumerable<string> Items(JsonElement shown, JsonElement real, string place) =>
        shown.GetArrayLength() != real.GetArrayLength()
            ? [$"{place}: {shown.GetArrayLength()} items are shown, and {real.GetArrayLength()} are there"]
            : shown.EnumerateArray().Zip(real.EnumerateArray()).SelectMany(
                (pair, index) => Differences(pair.First, pair.Second, $"{place}[{index}]"));

    private static bool IsLike(string shown, string real) =>
        Regex.IsMatch(real, $"^{string.Join(".*", shown.Split('…').Select(Regex.Escape))}$") || (IsTime(shown) && IsTime(real));

    private static bool IsTime(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _);
}
