using System.Text.Json;

namespace Chard.Tool.Api;

/// <summary>The app's answer is an error.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="text">The body, as it is.</param>
internal sealed class ApiProblemException(int status, string text) : Exception($"HTTP {status}")
{
    private const string TypePrefix = "urn:chard:problem:";

    /// <summary>The problem document; null if the answer has none.</summary>
    public JsonElement? Document { get; } = Parse(text);

    /// <summary>The HTTP status.</summary>
    public int Status => status;

    /// <summary>
    /// What the tool ends with. A refusal is the app's considered answer to this request; that nobody gets in, or that an address is no
    /// route of an app, is not.
    /// </summary>
    public int Code => Type is { } type && status is >= 400 and < 500 and not (401 or 403 or 405) && type != "route-not-found"
        ? ExitCode.Refused
        : ExitCode.Unreachable;

    /// <summary>True for what may pass by itself: the app restarts, or its storage is away.</summary>
    public bool MayPass => status is 429 or >= 500;

    /// <summary>What is wrong, a line each: title, detail, and every fault with its place.</summary>
    public IReadOnlyList<string> Lines()
    {
        var lines = new List<string>();
        if (Document is { } problem)
        {
            IReadOnlyList<JsonElement> faults = problem.Items("faults");
            lines.AddRange(new[] { problem.Text("title"), problem.Text("detail") }.OfType<string>()
                // A detail that only repeats the faults is not told twice.
                .Where(line => !faults.Any(f => f.Text("message") is { } message && line.Contains(message, StringComparison.Ordinal))));
            lines.AddRange(faults.Select(f => $"  {Place(f.Text("pointer"))}: {f.Text("message")}"));
        }

        if (lines.Count == 0)
        {
            lines.Add($"The app answered HTTP {status}.");
        }

        if (status == 401)
        {
            lines.Add("Give a key by --key, or better by the environment variable CHARD_KEY.");
        }

        return lines;
    }

    private string? Type => Document?.Text("type") is { } type && type.StartsWith(TypePrefix, StringComparison.Ordinal)
        ? type[TypePrefix.Length..]
        : null;

    private static string Place(string? pointer) => string.IsNullOrEmpty(pointer) ? "(whole)" : pointer;

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text) is { ValueKind: JsonValueKind.Object } document ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
