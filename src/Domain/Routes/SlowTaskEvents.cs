using System.Globalization;
using Chard.Domain.Identity;

namespace Chard.Domain.Routes;

/// <summary>The external events that bring the outcome of a task on the slow route to the orchestrator that waits for it.</summary>
public static class SlowTaskEvents
{
    /// <summary>
    /// Name of the event that ends the call <paramref name="turn"/> of the task at <paramref name="path"/>. What comes late from an earlier
    /// try cannot answer a later one, since that has another turn.
    /// </summary>
    public static string NameOf(string path, CallTurn turn) =>
        string.Create(CultureInfo.InvariantCulture, $"slow-task:{path}:{turn.Generation}:{turn.Attempt}:{turn.Wait}");
}
