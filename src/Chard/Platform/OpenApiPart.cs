using System.Reflection;
using System.Text.Json.Nodes;

namespace Chard.Platform;

/// <summary>A piece of the API's description: an OpenAPI document, embedded in an assembly, of <c>tags</c>, <c>paths</c> and
/// <c>components</c>.</summary>
/// <param name="Assembly">Where it is embedded.</param>
/// <param name="Resource">Its name there.</param>
public sealed record OpenApiPart(Assembly Assembly, string Resource)
{
    /// <summary>What the library itself answers.</summary>
    internal static OpenApiPart Own { get; } = new(typeof(OpenApiPart).Assembly, "Chard.Platform.openapi.json");

    /// <summary>The piece.</summary>
    /// <exception cref="InvalidOperationException">There is no such resource, or it is no JSON object.</exception>
    internal JsonObject Read()
    {
        using Stream stream = Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException(
                $"{Assembly.GetName().Name} was built without its resource {Resource}. Add it to the project as an EmbeddedResource.");
        return JsonNode.Parse(stream) as JsonObject
            ?? throw new InvalidOperationException($"{Resource} of {Assembly.GetName().Name} is no OpenAPI document: a JSON object.");
    }
}
