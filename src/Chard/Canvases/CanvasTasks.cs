using System.Text.Json;
using Chard.Domain.Canvases;
using Chard.Domain.Json;
using Chard.Domain.Limits;
using Chard.Domain.Tasks;
using Chard.Starts;

namespace Chard.Canvases;

/// <summary>The app's tasks, for the check of a canvas.</summary>
internal sealed class CanvasTasks(TaskCatalogue catalogue, TaskSchemas schemas, LimitCatalogue limits) : ICanvasTasks
{
    public IReadOnlyCollection<string> Names { get; } = [.. catalogue.All.Select(t => t.Name)];

    public IReadOnlyCollection<string> Limits { get; } = limits.Keys;

    public IEnumerable<JsonFault> Check(string task, JsonElement args) =>
        schemas.Check(task, args);
}
