using System.Text.Json;
using Chard.Tool.Api;
using Chard.Tool.Output;

namespace Chard.Tool.Commands;

/// <summary>Stays with a workflow until its end.</summary>
internal static class Watching
{
    /// <summary>What follows a start: nothing with <c>--detach</c>, else watching.</summary>
    /// <param name="session">The run.</param>
    /// <param name="options">Options of the start.</param>
    /// <param name="started">The app's answer to it.</param>
    /// <param name="completed">What more to tell of one that has completed.</param>
    public static async Task<int> AfterStartAsync(
        Session session, StartOptions options, ApiAnswer started, Func<JsonElement, Task>? completed = null)
    {
        string id = started.Document.Text("id")!;
        if (!session.Line.GetValue(options.Detach))
        {
            return await WatchAsync(session, options.Watch, id, completed);
        }

        if (session.Screen.Json)
        {
            session.Screen.Document(started.Text);
        }
        else
        {
            session.Screen.Line($"{id} is {started.Document.Text("status")}. Watch it: chard watch {id}");
        }

        return ExitCode.Done;
    }

    /// <summary>Watches a workflow, tells how it ended, and gives the exit code of that.</summary>
    public static async Task<int> WatchAsync(
        Session session, WatchOptions options, string id, Func<JsonElement, Task>? completed = null)
    {
        Screen screen = session.Screen;
        bool endsParked = session.Line.GetValue(options.NoWaitParked);
        ApiAnswer last;
        try
        {
            var follower = new WorkflowFollower(session.Api, id, screen.Note);
            last = await WatchView.ShowAsync(
                screen, id, seen => follower.FollowAsync(endsParked, seen, session.CancellationToken));
        }
        catch (OperationCanceledException) when (session.CancellationToken.IsCancellationRequested)
        {
            screen.Complain($"The workflow goes on without you. Come back to it: chard watch {id}");
            return ExitCode.Interrupted;
        }

        if (screen.Json)
        {
            screen.Document(last.Text);
            return CodeOf(last.Document);
        }

        screen.Line(StatusText.Ended(last.Document));
        if (last.Document.Text("status") == "completed")
        {
            await (completed ?? (_ => HintAsync(screen, id)))(last.Document);
        }
        else if (last.Document.Text("status") is "failed" or "parked")
        {
            screen.Hint($"What happened: chard show {id}");
        }

        return CodeOf(last.Document);
    }

    private static Task HintAsync(Screen screen, string id)
    {
        screen.Hint($"Its result: chard result {id}");
        return Task.CompletedTask;
    }

    private static int CodeOf(JsonElement status) => status.Text("status") switch
    {
        "completed" => ExitCode.Done,
        "parked" or "paused" => ExitCode.Waiting,
        _ => ExitCode.Refused,
    };
}
