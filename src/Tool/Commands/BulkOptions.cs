using System.CommandLine;
using System.Text.Json.Nodes;

namespace Chard.Tool.Commands;

/// <summary>What to act upon: ids, or conditions and <c>--yes</c>.</summary>
internal sealed class BulkOptions(Filter filter, string things)
{
    private readonly Argument<string[]> ids = new("id") { Description = $"The {things}, by their ids", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<bool> all = new("--all") { Description = $"All {things} there are" };

    private readonly Option<bool> yes = new("--yes", "-y")
    {
        Description = "Do it to all that meet the conditions. Without it their number is told, and nothing is done",
    };

    /// <summary>Adds them, and refuses what does not say what it is to act upon.</summary>
    public void AddTo(Command command)
    {
        command.Add(ids);
        filter.AddTo(command);
        command.Add(all);
        command.Add(yes);
        command.Validators.Add(line =>
        {
            bool hasIds = line.GetValue(ids) is { Length: > 0 };
            bool hasConditions = line.Children.OfType<System.CommandLine.Parsing.OptionResult>()
                .Any(o => filter.Has(o.Option) || o.Option == all);
            if (hasIds == hasConditions)
            {
                line.AddError(hasIds
                    ? "Either ids, or conditions: not both."
                    : $"Say which {things}: ids, or conditions, or --all.");
            }
        });
    }

    /// <summary>The ids that were given; none if there are conditions.</summary>
    public string[] Ids(ParseResult line) => line.GetValue(ids) ?? [];

    /// <summary>The conditions that were given.</summary>
    public List<KeyValuePair<string, string?>> Conditions(ParseResult line) => filter.Read(line);

    /// <summary>True if it is to be done.</summary>
    public bool IsYes(ParseResult line) => line.GetValue(yes);

    /// <summary>The conditions as the document of a call.</summary>
    public JsonObject Document(ParseResult line)
    {
        var document = new JsonObject();
        foreach ((string name, string? value) in filter.Read(line))
        {
            document[name] = value;
        }

        if (line.GetValue(all))
        {
            document["all"] = true;
        }

        return document;
    }
}
