using System.Text.Json;

namespace Chard.Functions.Http;

/// <summary>The OpenAPI document, written by hand in openapi.json and held to the functions by tests.</summary>
public static class OpenApiDocument
{
    private const string ResourceName = "Chard.Functions.Http.openapi.json";

    private static readonly Lazy<byte[]> Bytes = new(Read);
    private static readonly Lazy<(string[] Segments, string[] Methods)[]> Routes = new(ReadRoutes);

    /// <summary>The document, UTF-8.</summary>
    public static ReadOnlyMemory<byte> Utf8 => Bytes.Value;

    /// <summary>The methods that a path under <c>/api</c> takes, in upper case; empty if there is no such route.</summary>
    /// <param name="path">The path after <c>/api/</c>.</param>
    public static IReadOnlyList<string> MethodsOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return [.. Routes.Value.Where(r => Matches(r.Segments, segments))
            .SelectMany(r => r.Methods).Distinct().Order(StringComparer.Ordinal)];
    }

    private static bool Matches(string[] template, string[] path) =>
        template.Length == path.Length
        && template.Zip(path).All(pair =>
            pair.First.StartsWith('{') || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));

    private static byte[] Read()
    {
        using Stream stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The app was built without its resource {ResourceName}.");
        using var buffer = new MemoryStream();
        stream.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static (string[] Segments, string[] Methods)[] ReadRoutes()
    {
        using JsonDocument document = JsonDocument.Parse(Utf8);
        return [.. document.RootElement.GetProperty("paths").EnumerateObject().Select(path => (
            path.Name.Split('/', StringSplitOptions.RemoveEmptyEntries),
            path.Value.EnumerateObject().Select(p => p.Name).Where(n => n is "get" or "post" or "put" or "delete" or "patch")
                .Select(n => n.ToUpperInvariant()).ToArray()))];
    }
}
