using System.CommandLine;

namespace Chard.Tool.Commands;

/// <summary><c>chard watch ID</c>.</summary>
internal static class WatchCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var id = new Argument<string>("id") { Description = "The workflow" };
        var options = new WatchOptions();
        var command = new Command("watch", "Shows a workflow's progress until it has ended") { id };
        options.AddTo(command);
        host.Handle(command, session => Watching.WatchAsync(session, options, session.Line.GetValue(id)!));
        return command;
    }
}
