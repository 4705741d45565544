using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure.Data.Tables;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Identity;
using Chard.Domain.Ledger;
using Chard.Domain.Limits;
using Chard.Domain.Payloads;
using Chard.Domain.Routes;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.Harness;
using Chard.Running;
using Chard.Status;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions.Tests.Repository;

/// <summary>
/// What is stored outlives the code that wrote it. Its names are held here literally, so that renaming a member of the code does not
/// rename what lies in tables, histories and queues. A new name is one to add; a name that goes has to be read for as long as a
/// workflow may wait.
/// </summary>
public sealed class WireNameTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PayloadReference Reference = new("wf/results/0", new string('0', 64), 1);

    // What is stored and is no input or output of a function: events, messages, and JSON in columns.
    private static readonly Type[] Beside =
    [
        typeof(PermitOffer), typeof(SlowTaskEnd), typeof(SlowTaskMessage), typeof(DeadLetterResolution), typeof(DeadLetterCause),
        typeof(PayloadReference),
    ];

    [Fact]
    public void Columns_OfTheLedger()
    {
        var row = new LedgerRow
        {
            Key = new("wf", "m0", "0"),
            Task = "Echo",
            Turn = CallTurn.First,
            Status = LedgerStatus.Running,
            Runner = "r",
            StartedAt = Now,
            LeaseUntil = Now,
            FinishedAt = Now,
            Stamps = ["s"],
            Result = TaskValue.Of(JsonElement.Parse("1")),
            Failure = new(FailureKind.RateLimited, "c", "m", TimeSpan.FromSeconds(1)),
            Progress = new(1, 2, "m"),
        };

        Assert.Equal(
            "Attempt Done FailureCode FailureKind FailureMessage FinishedAt Generation LeaseUntil Message Result ResultBlob ResultBytes "
                + "ResultSha256 RetryAfterSeconds Runner Stamps StartedAt Status Task Total Wait",
            Names(LedgerEntity.Whole(row), LedgerEntity.Whole(row with { Result = TaskValue.Of(Reference) })));
        Assert.Equal(("running", "rateLimited"), (LedgerEntity.Whole(row)["Status"], LedgerEntity.Whole(row)["FailureKind"]));
    }

    [Fact]
    public void Columns_OfWorkflows()
    {
        var state = new WorkflowState
        {
            Id = "wf",
            Workflow = "w",
            Status = WorkflowStatus.Failed,
            Version = 1,
            Owner = "o",
            Stamps = ["s"],
            Progress = new(1, 1, 0),
            CreatedAt = Now,
            StartAt = Now,
            ExpiresAt = Now,
            StartedAt = Now,
            UpdatedAt = Now,
            CompletedAt = Now,
            PausedFrom = WorkflowStatus.Running,
            Error = new("c", "m", "t"),
        };

        Assert.Equal(
            "CompletedAt CreatedAt ErrorCode ErrorMessage ErrorTask ExpiresAt Failed Id Owner PausedFrom RequestHash Stamps StartAt "
                + "StartedAt Status Succeeded Total UpdatedAt Version Workflow Write",
            Names(WorkflowRows.State(state, "h", "w")));
        Assert.Equal(
            "Input InputReference Orchestrator RequestHash ScheduledAt",
            Names(WorkflowRows.Active("wf", new("h", "RunCanvas", Now, JsonElement.Parse("1"), Reference))));
        Assert.Equal("Json Reference", Names(WorkflowRows.Result("wf", new("1", Reference))));
        Assert.Equal("CreatedAt Id", Names(WorkflowRows.Ended("e:1:wf", state)));
        Assert.Equal(("f:0639028224000000000:wf", "e:0639028224000000000:wf"), (
            WorkflowRows.EndedKey(state), WorkflowRows.EndedKey(state with { Status = WorkflowStatus.Cancelled })));
    }

    [Fact]
    public void Columns_OfDeadLetters()
    {
        var letter = new DeadLetter
        {
            Id = "wf.0.0",
            WorkflowId = "wf",
            Workflow = "w",
            InstanceId = "wf",
            Task = "Echo",
            Path = "0",
            Class = "c",
            Message = "m",
            Chain = [new(FailureType.Permanent, "m")],
            Args = JsonElement.Parse("1"),
            ArgsReference = Reference,
            IdempotencyKey = "k",
            Stamps = ["s"],
            CreatedAt = Now,
            ResolvedAt = Now,
            Resolution = new(DeadLetterAction.Skip),
            RetriedAs = "wf2",
        };
        TableEntity row = DeadLetterRows.Letter(letter);

        Assert.Equal(
            "Args ArgsReference Attempts Chain Class CreatedAt Generation Id IdempotencyKey InstanceId Kind Message Origin Parked Path "
                + "Resolution ResolvedAt RetriedAs Stamps State Task Workflow WorkflowId",
            Names(row));
        Assert.Equal("Class Key Origin Parked State Task Workflow WorkflowId", Names([.. DeadLetterRows.Indexes(letter)]));
        Assert.Equal("Key", Names(DeadLetterRows.Pointer(letter)));
        Assert.Equal("Id", Names(DeadLetterRows.Resolved("e:1:wf.0.0", letter)));
        Assert.Equal("e:0639028224000000000:wf.0.0", DeadLetterRows.ResolvedKey(letter));
        Assert.Equal(("task", "open", "permanent"), (row["Origin"], row["State"], row["Kind"]));
        Assert.Equal("""[{"Type":"PermanentTaskException","Message":"m"}]""", row["Chain"]);
    }

    /// <summary>
    /// WireNames.txt beside this file: a line a type, with its members by name; what the worker writes has them in camelCase. A class may
    /// be renamed with its line.
    /// </summary>
    [Fact]
    public void Members_OfAllThatIsStored()
    {
        string[] today = [.. Lines().Order(StringComparer.Ordinal)];
        string[] held = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Repository", "WireNames.txt"));

        Assert.True(
            today.SequenceEqual(held),
            $"""
            Stored names have changed. No longer there:
            {string.Join('\n', held.Except(today))}
            New:
            {string.Join('\n', today.Except(held))}
            """);
    }

    private static string Names(params TableEntity[] rows) => string.Join(
        ' ',
        rows.SelectMany(r => r.Keys).Where(k => k is not ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag"))
            .Distinct().Order(StringComparer.Ordinal));

    private static IEnumerable<string> Lines()
    {
        var seen = new HashSet<Type>();
        var open = new Queue<Type>(FunctionTypes().Concat(TaskTypes()).Concat(Beside));
        while (open.TryDequeue(out Type? type))
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (!seen.Add(type))
            {
                continue;
            }

            Type[] inner = [.. type.GetGenericArguments(), .. type.IsArray ? [type.GetElementType()!] : Type.EmptyTypes];
            Array.ForEach(inner, open.Enqueue);
            if (type.IsGenericParameter || type.FullName?.StartsWith("Chard.", StringComparison.Ordinal) != true)
            {
                continue;
            }

            if (type.IsEnum)
            {
                IEnumerable<string> values = Enum.GetNames(type).Select(n => $"{n}:{Convert.ToInt64(Enum.Parse(type, n), null)}");
                yield return $"{Name(type)} = {string.Join(' ', values)}";
                continue;
            }

            JsonTypeInfo json = JsonSerializerOptions.Default.GetTypeInfo(type);
            IEnumerable<string> members = json.Properties.Where(p => p.Get is not null || p.Set is not null).Select(p => p.Name);
            yield return json.Kind == JsonTypeInfoKind.None
                ? $"{Name(type)}: written by {json.Converter.GetType().Name}"
                : $"{Name(type)}: {string.Join(' ', members.Order(StringComparer.Ordinal))}";
            foreach (JsonPropertyInfo member in json.Properties)
            {
                open.Enqueue(member.PropertyType);
            }
        }
    }

    /// <summary>What goes into and comes out of orchestrators and activities, which is what histories have.</summary>
    private static IEnumerable<Type> FunctionTypes() => TheApp.Types
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(m => m.GetParameters().Any(IsTrigger))
        .SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType))
        .Where(t => t != typeof(FunctionContext) && t != typeof(CancellationToken));

    private static bool IsTrigger(ParameterInfo parameter) =>
        parameter.IsDefined(typeof(OrchestrationTriggerAttribute)) || parameter.IsDefined(typeof(ActivityTriggerAttribute));

    /// <summary>Arguments and results of tasks.</summary>
    private static IEnumerable<Type> TaskTypes() => TheApp.Tasks
        .SelectMany(t => t.GetInterfaces())
        .Where(i => i.IsGenericType && i.Namespace == typeof(TaskCall).Namespace)
        .SelectMany(i => i.GetGenericArguments());

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
}
