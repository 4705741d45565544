using System.Text.Json;
using Chard.Calls;
using Chard.Domain.Canvases;
using Chard.Domain.Json;
using Chard.Domain.Limits;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Running;

namespace Chard.Starts;

/// <summary>
/// A start of one task, with the options of a canvas node: <c>{"task":"Flaky","args":{…},"retry":{…},"onExhausted":"park"}</c>.
/// Arguments over
/// 32 KiB are stored as a payload.
/// </summary>
public sealed class TaskStartKind(TaskCatalogue catalogue, TaskSchemas schemas, TaskValueStore values, LimitCatalogue limits) : IStartKind
{
    private const double MaxCountdownSeconds = 31_536_000;

    // Where in the document each number of a policy comes from.
    private static readonly Dictionary<string, string> Pointers = new()
    {
        [nameof(TaskPolicy.Attempts)] = "/retry/attempts",
        [nameof(TaskPolicy.FirstDelaySeconds)] = "/retry/firstDelaySeconds",
        [nameof(TaskPolicy.Backoff)] = "/retry/backoff",
        [nameof(TaskPolicy.MaxDelaySeconds)] = "/retry/maxDelaySeconds",
        [nameof(TaskPolicy.RetryTimeoutSeconds)] = "/retry/timeoutSeconds",
        [nameof(TaskPolicy.TimeLimitSeconds)] = "/timeLimit",
    };

    /// <inheritdoc/>
    public string Member => "task";

    /// <inheritdoc/>
    public IReadOnlyList<string> Options { get; } =
        ["args", "retry", "onExhausted", "route", "timeLimit", "countdown", "idempotencyKey", "limit"];

    /// <inheritdoc/>
    public StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        int before = faults.Count;
        string? name = form.GetProperty(Member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        if (!catalogue.TryGet(name, out TaskDescriptor? task))
        {
            string known = string.Join(", ", catalogue.All.Select(t => t.Name));
            faults.Add(new(
                "/task", name is null ? $"Name the task to run. There are: {known}." : $"There is no task '{name}'. There are: {known}."));
            return null;
        }

        JsonElement args = form.TryGetProperty("args", out JsonElement given) ? given : TaskJson.Null;
        if (CanvasReader.Depth(args) > CanvasLimits.MaxValueDepth)
        {
            faults.Add(new("/args", CanvasLimits.ValueDepthRule));
            return null;
        }

        foreach (JsonFault fault in schemas.Check(task.Name, args))
        {
            faults.Add(new("/args" + fault.Pointer, fault.Message));
        }

        TaskCallOptions options = ReadOptions(form, faults);
        double? countdown = Number(form, "countdown", "", faults);
        if (countdown is { } seconds && seconds is not (>= 0 and <= MaxCountdownSeconds))
        {
            faults.Add(new("/countdown", $"'countdown' is 0 to {MaxCountdownSeconds} seconds."));
        }

        if (faults.Count == before)
        {
            CheckPolicy(task, options, faults);
        }

        return faults.Count > before ? null : new(RunTask.Name, RunTask.Name, async (start, token) =>
        {
            TaskValue value = await values.CheckInAsync(
                start.Id, $"starts/{start.RequestHash}", JsonSerializer.SerializeToUtf8Bytes(args), token);
            return new WorkflowInput<RunTaskArgs>(
                start.Id,
                new(task.Name, value, options, countdown),
                catalogue.PoliciesOf(task.Name),
                start.Stamps.Count == 0 ? null : start.Stamps,
                RunTask.Name);
        });
    }

    private TaskCallOptions ReadOptions(JsonElement form, ICollection<JsonFault> faults)
    {
        string? key = Text(form, "idempotencyKey", faults);
        if (key is not null && (key.Length is 0 or > TaskCallOptions.MaxKeyLength || key.AsSpan().ContainsAnyExceptInRange(' ', '~')))
        {
            faults.Add(new("/idempotencyKey", $"'idempotencyKey' is 1 to {TaskCallOptions.MaxKeyLength} printable ASCII characters."));
        }

        string? limit = Text(form, "limit", faults);
        if (limit is not null && limits.FaultOf(limit) is { } unknown)
        {
            faults.Add(new("/limit", unknown));
        }

        return new()
        {
            IdempotencyKey = key,
            OnExhausted = Name<OnExhausted>(form, "onExhausted", faults),
            Route = Name<TaskRoute>(form, "route", faults),
            TimeLimitSeconds = Number(form, "timeLimit", "", faults),
            Retry = ReadRetry(form, faults),
            Limit = limit,
        };
    }

    private static RetryOptions? ReadRetry(JsonElement form, ICollection<JsonFault> faults)
    {
        if (!form.TryGetProperty("retry", out JsonElement retry) || retry.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (retry.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new("/retry", """'retry' is an object such as {"attempts":3,"firstDelaySeconds":10}."""));
            return null;
        }

        string[] members = ["attempts", "firstDelaySeconds", "backoff", "maxDelaySeconds", "timeoutSeconds"];
        foreach (JsonProperty property in retry.EnumerateObject().Where(p => !members.Contains(p.Name, StringComparer.Ordinal)))
        {
            faults.Add(new(
                "/retry/" + JsonPointer.Escape(property.Name),
                $"There is no member '{property.Name}'. There are: {string.Join(", ", members)}."));
        }

        int? attempts = null;
        if (Number(retry, "attempts", "/retry", faults) is { } tries)
        {
            attempts = tries is >= 1 and <= 100 && tries == Math.Floor(tries) ? (int)tries : null;
            if (attempts is null)
            {
                faults.Add(new("/retry/attempts", "'attempts' is a whole number, 1 to 100."));
            }
        }

        return new(
            attempts,
            Number(retry, "firstDelaySeconds", "/retry", faults),
            Number(retry, "backoff", "/retry", faults),
            Number(retry, "maxDelaySeconds", "/retry", faults),
            Number(retry, "timeoutSeconds", "/retry", faults));
    }

    private static void CheckPolicy(TaskDescriptor task, TaskCallOptions options, ICollection<JsonFault> faults)
    {
        TaskPolicy policy = options.Apply(task.Policy) with { TimeLimitSeconds = options.TimeLimitSeconds ?? task.Policy.TimeLimitSeconds };
        foreach (PolicyFault fault in TaskPolicyRules.Check(policy))
        {
            string pointer = Pointers.GetValueOrDefault(fault.Member, "/retry");
            faults.Add(new(pointer, fault.Say($"'{pointer[(pointer.LastIndexOf('/') + 1)..]}'")));
        }
    }

    private static double? Number(JsonElement parent, string member, string at, ICollection<JsonFault> faults)
    {
        if (!parent.TryGetProperty(member, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        // 1e999 is a number to JSON and none to anybody else.
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
        {
            return number;
        }

        faults.Add(new($"{at}/{member}", $"'{member}' is a number."));
        return null;
    }

    private static TEnum? Name<TEnum>(JsonElement form, string member, ICollection<JsonFault> faults)
        where TEnum : struct, Enum
    {
        if (Text(form, member, faults) is not { } name)
        {
            return null;
        }

        string[] names = [.. Enum.GetNames<TEnum>().Select(JsonNamingPolicy.CamelCase.ConvertName)];
        int index = Array.IndexOf(names, name);
        if (index >= 0)
        {
            return Enum.GetValues<TEnum>()[index];
        }

        faults.Add(new("/" + member, $"'{member}' is one of {string.Join(", ", names)}."));
        return null;
    }

    private static string? Text(JsonElement parent, string member, ICollection<JsonFault> faults)
    {
        if (!parent.TryGetProperty(member, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        faults.Add(new("/" + member, $"'{member}' is a string."));
        return null;
    }

}
