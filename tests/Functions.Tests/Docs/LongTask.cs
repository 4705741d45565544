using System.ComponentModel;
using System.Text.Json;
using Chard.Calls;
using Chard.Canvases;
using Chard.Domain.Tasks;
using Microsoft.DurableTask;

namespace Chard.Functions.Tests.Docs.LongTask;

// The C# of docs/how-to/long-task.md, word by word.
public sealed record Film(string Id, int Scenes);

public interface IRenderer
{
    Task RenderAsync(string film, int scene, CancellationToken cancellationToken);
}

[Description("Renders a film, scene by scene.")]
[TaskPolicy(Route = TaskRoute.Slow, TimeLimitSeconds = 3 * 3600, Attempts = 4, FirstDelaySeconds = 30)]
public sealed class RenderFilm(IRenderer renderer) : ITask<Film, int>
{
    public async Task<int> RunAsync(Film args, TaskContext context, CancellationToken cancellationToken)
    {
        string checkpoint = $"render/{context.Path}";
        int done = await ReadAsync(context, checkpoint, cancellationToken);
        for (; done < args.Scenes; done++)
        {
            context.ReportProgress(new(done, args.Scenes, $"Scene {done + 1}"));
            await renderer.RenderAsync(args.Id, done, cancellationToken);
            int now = done + 1;
            await context.Payloads.WriteAsync(
                context.WorkflowId, checkpoint,
                (stream, token) => JsonSerializer.SerializeAsync(stream, now, cancellationToken: token), cancellationToken);
        }

        return done;
    }

    private static async Task<int> ReadAsync(TaskContext context, string checkpoint, CancellationToken cancellationToken)
    {
        if (await context.Payloads.FindAsync(context.WorkflowId, checkpoint, cancellationToken) is not { } last)
        {
            return 0;
        }

        await using Stream stream = await context.Payloads.OpenReadAsync(last, cancellationToken);
        return await JsonSerializer.DeserializeAsync<int>(stream, cancellationToken: cancellationToken);
    }
}

public sealed record Scene(string Film, int Number);

[Description("Renders one scene.")]
[TaskPolicy(Route = TaskRoute.Slow, TimeLimitSeconds = 1200, Attempts = 4, FirstDelaySeconds = 30)]
public sealed class RenderScene(IRenderer renderer) : ITask<Scene, bool>
{
    public async Task<bool> RunAsync(Scene args, TaskContext context, CancellationToken cancellationToken)
    {
        await renderer.RenderAsync(args.Film, args.Number, cancellationToken);
        return true;
    }
}

internal static class Split
{
    public static async Task RenderAsync(TaskOrchestrationContext context, Film film)
    {
        await context.MapAsync<bool>(
            nameof(RenderScene), Enumerable.Range(0, film.Scenes).Select(scene => new Scene(film.Id, scene)),
            new GroupOptions(MaxInFlight: 10, Report: context.ReportProgressAsync));
    }
}
