using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Canvases;

/// <summary>Publishes what a canvas may look like, for editors and for whoever makes canvases by program.</summary>
public static class CanvasSchemaApi
{
    /// <summary>Name of the resource that holds the schema.</summary>
    public const string ResourceName = "Chard.Canvases.canvas.schema.json";

    /// <summary>
    /// <c>GET /api/canvas.schema.json</c>: a JSON Schema (draft 7). It tells the shape; which tasks there are and what they take is
    /// told by <c>GET /api/tasks</c>.
    /// </summary>
    [Function("CanvasSchema")]
    [Answers(200, 400)]
    public static IResult Get([HttpTrigger(AuthorizationLevel.Function, "get", Route = "canvas.schema.json")] HttpRequest request) =>
        new QueryReader(request).Problem ?? Results.Stream(Open(), "application/schema+json");

    internal static Stream Open() =>
        typeof(CanvasSchemaApi).Assembly.GetManifestResourceStream(ResourceName)
        ?? throw new InvalidOperationException($"The app was built without its resource {ResourceName}.");
}
