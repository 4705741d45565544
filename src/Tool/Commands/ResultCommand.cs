using System.CommandLine;
using Chard.Tool.Api;

namespace Chard.Tool.Commands;

/// <summary><c>chard result ID</c>.</summary>
internal static class ResultCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandHost host)
    {
        var id = new Argument<string>("id") { Description = "The workflow" };
        var file = new Option<string?>("--output", "-o") { Description = "Where it goes instead of the output", HelpName = "file" };
        var command = new Command("result", "Prints the result of a workflow that has completed, as JSON") { id, file };
        host.Handle(command, async session =>
        {
            string path = ApiQuery.Workflow(session.Line.GetValue(id)!, "/result");
            if (session.Line.GetValue(file) is { } target)
            {
                await session.Api.DownloadAsync(
                    path, body => SaveAsync(body, target, session.CancellationToken), session.CancellationToken);
                session.Screen.Note($"The result is in {target}.");
            }
            else
            {
                await session.Api.DownloadAsync(
                    path, body => session.Screen.DocumentAsync(body, session.CancellationToken), session.CancellationToken);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static async Task SaveAsync(Stream body, string file, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream target = File.Create(file);
            await body.CopyToAsync(target, cancellationToken);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or (IOException and not HttpIOException))
        {
            throw new ToolException($"'{file}' cannot be written: {e.Message}");
        }
    }
}
