using System.CommandLine;

namespace Chard.Tool.Commands;

/// <summary>Options that are conditions of the API, member by member.</summary>
internal sealed class Filter
{
    private readonly List<(Option<string?> Option, string Member)> conditions = [];

    private Filter()
    {
    }

    /// <summary>Conditions on workflows.</summary>
    public static Filter OfWorkflows() => new Filter()
        .With("--status", "status", "Only those of this status",
            ["queued", "running", "parked", "paused", "completed", "failed", "cancelled", "expired"])
        .With("--workflow", "workflow", "Only this workflow, by its name")
        .With("--owner", "owner", "Only those of this owner")
        .With("--stamp", "stamp", "Only those started with this label")
        .With("--error", "error", "Only those that failed with this code")
        .With("--from", "from", "Only those accepted at this time (ISO 8601) or later")
        .With("--before", "before", "Only those accepted before this time");

    /// <summary>Conditions on dead letters.</summary>
    /// <param name="withState">False where only what is open counts.</param>
    public static Filter OfLetters(bool withState)
    {
        Filter filter = withState
            ? new Filter().With("--state", "state", "Only letters in this state. Default: open; 'any' for all",
                ["open", "retried", "skipped", "failed", "discarded", "any"])
            : new Filter();
        return filter
            .With("--origin", "origin", "Only letters of this kind of work", ["task", "startMessage", "taskMessage"])
            .With("--task", "task", "Only those of this task")
            .With("--class", "class", "Only those with this code of failure")
            .With("--workflow", "workflow", "Only those of this workflow, by its name")
            .With("--workflow-id", "workflowId", "Only those of the workflow with this id")
            .With("--stamp", "stamp", "Only those with this label")
            .With("--from", "from", "Only those of this time (ISO 8601) or later")
            .With("--before", "before", "Only those before this time");
    }

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        foreach ((Option<string?> option, _) in conditions)
        {
            command.Add(option);
        }
    }

    /// <summary>True if an option is one of these.</summary>
    public bool Has(Option option) => conditions.Any(c => c.Option == option);

    /// <summary>What was given, by the API's names.</summary>
    public List<KeyValuePair<string, string?>> Read(ParseResult line) =>
        [.. conditions.Select(c => KeyValuePair.Create(c.Member, line.GetValue(c.Option))).Where(c => c.Value is not null)];

    private Filter With(string name, string member, string description, string[]? values = null)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = values is null ? member : null };
        if (values is not null)
        {
            option.AcceptOnlyFromAmong(values);
        }

        conditions.Add((option, member));
        return this;
    }
}
