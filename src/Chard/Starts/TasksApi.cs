using System.Text.Json;
using Chard.Domain.Tasks;
using Chard.Platform;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Starts;

/// <summary>Tells which tasks there are.</summary>
public sealed class TasksApi(TaskCatalogue catalogue, TaskSchemas schemas)
{
    /// <summary>
    /// <c>GET /api/tasks</c>: the catalogue, each task with the JSON Schemas of its arguments and result, and its policy.
    /// </summary>
    [Function("ListTasks")]
    [Answers(200, 400)]
    public IResult List([HttpTrigger(AuthorizationLevel.Function, "get", Route = "tasks")] HttpRequest request) =>
        new QueryReader(request).Problem
        ?? Results.Json(
            new TaskListDocument([.. catalogue.All.Select(t => new TaskDocument(
                t.Name, t.Description, schemas.ArgsOf(t.Name), schemas.ResultOf(t.Name), t.Policy, t.HasProbe))]),
            TaskJson.Options);
}

/// <summary>The catalogue.</summary>
/// <param name="Tasks">In order of their names.</param>
public sealed record TaskListDocument(IReadOnlyList<TaskDocument> Tasks);

/// <summary>One task.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does; null if its author did not say.</param>
/// <param name="Args">JSON Schema of its arguments.</param>
/// <param name="Result">JSON Schema of its result.</param>
/// <param name="Policy">How it is tried, limited and given up.</param>
/// <param name="Probe">True if it can tell whether a run that died had its effect.</param>
public sealed record TaskDocument(string Name, string? Description, JsonElement Args, JsonElement Result, TaskPolicy Policy, bool Probe);
