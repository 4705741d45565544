namespace Chard.Tool.Api;

/// <summary>Paths of the API.</summary>
internal static class ApiQuery
{
    /// <summary>A path with a query of those parameters that have a value.</summary>
    public static string With(string path, IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        string[] parts =
        [
            .. parameters.Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"),
        ];
        return parts.Length == 0 ? path : $"{path}?{string.Join('&', parts)}";
    }

    /// <summary>The path of a workflow, or of something of it.</summary>
    public static string Workflow(string id, string rest = "") => $"workflows/{Uri.EscapeDataString(id)}{rest}";

    /// <summary>The path of a dead letter, or of something of it.</summary>
    public static string Letter(string id, string rest = "") => $"dead-letters/{Uri.EscapeDataString(id)}{rest}";
}
