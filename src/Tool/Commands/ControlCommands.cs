using System.CommandLine;
using System.Globalization;
using Chard.Tool.Api;

namespace Chard.Tool.Commands;

/// <summary><c>chard cancel</c>, <c>pause</c> and <c>resume</c>: workflows by their ids, or all that meet conditions.</summary>
internal static class ControlCommands
{
    private const int Counted = 200;

    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create(CommandHost host) =>
    [
        Create(host, "cancel", "cancelled", "Ends workflows, with all that runs in them", "queued", "running", "parked", "paused"),
        Create(host, "pause", "paused", "Holds workflows: what runs is finished, nothing new begins", "queued", "running", "parked"),
        Create(host, "resume", "resumed", "Lets workflows that are paused go on", "paused"),
    ];

    private static Command Create(CommandHost host, string name, string participle, string description, params string[] statuses)
    {
        var options = new BulkOptions(Filter.OfWorkflows(), "workflows");
        var command = new Command(name, description);
        options.AddTo(command);
        host.Handle(command, async session =>
        {
            if (options.Ids(session.Line) is { Length: > 0 } ids)
            {
                return await Bulk.EachAsync(
                    session, ids, id => ApiQuery.Workflow(id, $"/{name}"), null,
                    answer => $"{answer.Text("id")} is {answer.Text("status")}.");
            }

            if (options.IsYes(session.Line))
            {
                return await Bulk.AllAsync(session, $"workflows/{name}", options.Document(session.Line), participle);
            }

            string count = await CountAsync(session, options.Conditions(session.Line), statuses);
            session.Screen.Complain($"{count} would be {participle}. Say --yes to do it.");
            return ExitCode.Usage;
        });
        return command;
    }

    /// <summary>How many there are: the API counts no workflows, so of many it is told that they are.</summary>
    private static async Task<string> CountAsync(
        Session session, List<KeyValuePair<string, string?>> conditions, IReadOnlyList<string> statuses)
    {
        int count = 0;
        bool isMore = false;
        string? asked = conditions.Find(c => c.Key == "status").Value;
        foreach (string status in statuses.Where(s => asked is null || asked == s))
        {
            ApiAnswer page = await session.Api.GetAsync(
                ApiQuery.With("workflows",
                [
                    .. conditions.Where(c => c.Key != "status"), new("status", status),
                    new("limit", Counted.ToString(CultureInfo.InvariantCulture)),
                ]),
                session.CancellationToken);
            count += page.Document.Items("workflows").Count;
            isMore |= page.Document.Text("continuation") is not null;
        }

        return (isMore ? $"More than {count}" : $"{count}") + (count == 1 && !isMore ? " workflow" : " workflows");
    }
}
