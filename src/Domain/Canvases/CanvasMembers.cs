using System.Text.Json;
using Chard.Domain.Json;
using Chard.Domain.Limits;
using Chard.Domain.Tasks;

namespace Chard.Domain.Canvases;

/// <summary>Reads the members that nodes have, and takes down what is wrong with them.</summary>
/// <param name="tasks">The tasks there are; null for a document that was checked before.</param>
internal sealed class CanvasMembers(ICanvasTasks? tasks)
{
    /// <summary>What is wrong, in the order it was found.</summary>
    public List<JsonFault> Faults { get; } = [];

    /// <summary>Names of the members that <see cref="Options"/> reads, and <c>stamps</c>.</summary>
    public static readonly string[] OptionNames = ["retry", "onExhausted", "route", "limit", "pack", "packSeconds", "stamps"];

    /// <summary>What a node says of the tasks in it.</summary>
    public NodeOptions Options(JsonElement json, string at, IReadOnlyList<string>? stamps) => new()
    {
        Retry = Retry(json, at),
        OnExhausted = Enumeration<OnExhausted>(json, "onExhausted", at),
        Route = Enumeration<TaskRoute>(json, "route", at),
        Limit = Limit(json, at),
        Pack = (int?)Whole(json, "pack", at, 1, TaskPolicyRules.MaxPack),
        PackSeconds = Number(json, "packSeconds", at, 0.001, TaskPolicyRules.MaxPackSeconds),
        Stamps = stamps,
    };

    public string? Limit(JsonElement json, string at)
    {
        string? key = Text(json, "limit", at, LimitKey.MaxLength);
        if (key is not null && key.Length <= LimitKey.MaxLength && tasks?.Limits.Contains(key, StringComparer.OrdinalIgnoreCase) == false)
        {
            Fault(at + "/limit", LimitCatalogue.Say(key, tasks.Limits));
        }

        return key;
    }

    public string? IdempotencyKey(JsonElement json, string at)
    {
        string? key = Text(json, "idempotencyKey", at, TaskCallOptions.MaxKeyLength);
        if (key?.Length <= TaskCallOptions.MaxKeyLength && !TaskCallOptions.IsKey(key))
        {
            Fault(at + "/idempotencyKey", $"\"idempotencyKey\" is {TaskCallOptions.KeyRule}");
        }

        return key;
    }

    public RetryOptions? Retry(JsonElement json, string at)
    {
        if (!json.TryGetProperty("retry", out JsonElement retry))
        {
            return null;
        }

        at += "/retry";
        if (retry.ValueKind != JsonValueKind.Object)
        {
            Fault(at, "\"retry\" is an object of attempts, firstDelaySeconds, backoff, maxDelaySeconds, timeoutSeconds.");
            return null;
        }

        Allow(retry, at, ["attempts", "firstDelaySeconds", "backoff", "maxDelaySeconds", "timeoutSeconds"]);
        var given = new RetryOptions(
            (int?)Whole(retry, "attempts", at, 1, 100),
            Number(retry, "firstDelaySeconds", at, 0.001, 86_400),
            Number(retry, "backoff", at, 1, 10),
            Number(retry, "maxDelaySeconds", at, 0.001, 604_800),
            Number(retry, "timeoutSeconds", at, 0.001, 31_536_000));
        if (given.FirstDelaySeconds > given.MaxDelaySeconds)
        {
            Fault(at + "/maxDelaySeconds", "\"maxDelaySeconds\" is no less than \"firstDelaySeconds\".");
        }

        return given;
    }

    public string[]? StampsOf(JsonElement json, string at, IReadOnlyList<string> inherited)
    {
        if (!json.TryGetProperty("stamps", out JsonElement value))
        {
            return null;
        }

        at += "/stamps";
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(s => s.ValueKind != JsonValueKind.String))
        {
            Fault(at, "\"stamps\" is an array of labels such as [\"customer=7\"].");
            return null;
        }

        string[] stamps = [.. value.EnumerateArray().Select(s => s.GetString()!)];
        if (!Identity.Stamps.AreValid(stamps))
        {
            Fault(at, Identity.Stamps.Rule);
            return null;
        }

        if (Identity.Stamps.Union(inherited, stamps) is { Count: > Identity.Stamps.MaxCount and var count })
        {
            Fault(at, $"With those inherited there are {count} stamps here; {Identity.Stamps.MaxCount} are the most.");
            return null;
        }

        return stamps;
    }

    public FailureRule Failures(JsonElement json, string at)
    {
        if (!json.TryGetProperty("failures", out JsonElement rule))
        {
            return FailureRule.Fail;
        }

        switch (rule.ValueKind)
        {
            case JsonValueKind.String when rule.GetString() == "fail":
                return FailureRule.Fail;
            case JsonValueKind.String when rule.GetString() == "collect":
                return FailureRule.CollectAll;
            case JsonValueKind.Object when rule.TryGetProperty("tolerate", out _):
                Allow(rule, at + "/failures", ["tolerate"]);
                return FailureRule.Tolerate((int)(Whole(rule, "tolerate", at + "/failures", 0, CanvasLimits.MaxItems) ?? 0));
            default:
                Fault(at + "/failures", "\"failures\" is \"fail\", \"collect\" or {\"tolerate\":3}.");
                return FailureRule.Fail;
        }
    }

    public void Allow(JsonElement json, string at, string[] known)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (Array.IndexOf(known, property.Name) < 0)
            {
                Fault(
                    $"{at}/{JsonPointer.Escape(property.Name)}",
                    $"There is no member '{property.Name}' here. {Hints.Closest(property.Name, known)}");
            }
        }
    }

    public string? Text(JsonElement json, string member, string at, int longest)
    {
        if (!json.TryGetProperty(member, out JsonElement value))
        {
            return null;
        }

        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (string.IsNullOrEmpty(text) || text.Length > longest)
        {
            Fault($"{at}/{member}", $"\"{member}\" is a string of 1 to {longest} characters.");
        }

        return text;
    }

    public double? Whole(JsonElement json, string member, string at, double least, double most)
    {
        double? number = Number(json, member, at, least, most);
        if (number is { } value && value != Math.Floor(value))
        {
            Fault($"{at}/{member}", $"\"{member}\" is a whole number.");
        }

        return number;
    }

    public double? Number(JsonElement json, string member, string at, double least, double most)
    {
        if (!json.TryGetProperty(member, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most)
        {
            return number;
        }

        Fault($"{at}/{member}", FormattableString.Invariant($"\"{member}\" is a number from {least} to {most}."));
        return null;
    }

    public TEnum? Enumeration<TEnum>(JsonElement json, string member, string at)
        where TEnum : struct, Enum
    {
        if (!json.TryGetProperty(member, out JsonElement value))
        {
            return null;
        }

        string[] names = [.. Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
        int index = value.ValueKind == JsonValueKind.String ? Array.IndexOf(names, value.GetString()) : -1;
        if (index >= 0)
        {
            return Enum.GetValues<TEnum>()[index];
        }

        Fault($"{at}/{member}", $"\"{member}\" is one of: {string.Join(", ", names)}.");
        return null;
    }

    public CanvasNode? Fault(string at, string message)
    {
        Faults.Add(new(at, message));
        return null;
    }
}
