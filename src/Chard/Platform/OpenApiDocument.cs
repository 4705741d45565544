using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chard.Platform;

/// <summary>
/// The OpenAPI document of the app: the library's with those that the app has added to it, written by hand and held to the functions
/// by tests.
/// </summary>
public sealed class OpenApiDocument
{
    // Read by people: letters as they are, since it is served as JSON and never put into a page.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _utf8;
    private readonly (string[] Segments, string[] Methods)[] _routes;

    /// <summary>Joins the documents.</summary>
    /// <exception cref="InvalidOperationException">A part is missing, or describes what another describes already.</exception>
    public OpenApiDocument(IEnumerable<OpenApiPart> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        JsonObject whole = OpenApiPart.Own.Read();
        foreach (OpenApiPart part in parts)
        {
            Add(whole, part);
        }

        _routes = [.. whole["paths"]!.AsObject().Select(path => (Segments(path.Key), MethodsIn(path.Value!.AsObject())))];
        _utf8 = JsonSerializer.SerializeToUtf8Bytes(whole, Plain);
    }

    /// <summary>The document, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>The methods that a path under <c>/api</c> takes, in upper case; empty if there is no such route.</summary>
    /// <param name="path">The path after <c>/api/</c>.</param>
    public IReadOnlyList<string> MethodsOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] segments = Segments(path);
        return [.. _routes.Where(r => Matches(r.Segments, segments)).SelectMany(r => r.Methods).Distinct().Order(StringComparer.Ordinal)];
    }

    private static void Add(JsonObject whole, OpenApiPart part)
    {
        JsonObject piece = part.Read();
        foreach (JsonNode? tag in piece["tags"]?.AsArray() ?? [])
        {
            whole["tags"]!.AsArray().Add(tag?.DeepClone());
        }

        Merge(whole["paths"]!.AsObject(), piece["paths"]?.AsObject(), part);
        foreach ((string kind, JsonNode? members) in piece["components"]?.AsObject() ?? [])
        {
            JsonObject components = whole["components"]!.AsObject();
            if (components[kind] is not JsonObject known)
            {
                components[kind] = known = [];
            }

            Merge(known, members?.AsObject(), part);
        }
    }

    private static void Merge(JsonObject into, JsonObject? members, OpenApiPart part)
    {
        foreach ((string name, JsonNode? value) in members ?? [])
        {
            if (!into.TryAdd(name, value?.DeepClone()))
            {
                throw new InvalidOperationException(
                    $"{part.Resource} describes '{name}', and so does another part of the API's description. Take one of the two out.");
            }
        }
    }

    private static string[] Segments(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static string[] MethodsIn(JsonObject path) =>
        [.. path.Select(p => p.Key).Where(n => n is "get" or "post" or "put" or "delete" or "patch").Select(n => n.ToUpperInvariant())];

    private static bool Matches(string[] template, string[] path) =>
        template.Length == path.Length
        && template.Zip(path).All(pair =>
            pair.First.StartsWith('{') || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));
}
