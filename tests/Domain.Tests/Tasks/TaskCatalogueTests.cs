using System.Reflection;
using System.Text.Json;
using Chard.Domain.Limits;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.TryOut;

namespace Chard.Domain.Tests.Tasks;

public sealed class TaskCatalogueTests
{
    [Fact]
    public void Create_TaskWithoutItsFunction_PrintsWhatToAdd()
    {
        var refused = Assert.Throws<TaskCatalogueException>(() => Create([typeof(Echo), typeof(Sum)], ["Echo"]));

        string fault = Assert.Single(refused.Faults);
        Assert.Equal(
            """
            Task Sum has no function. Add it to the functions of tasks:
                [Function("Sum")]
                public Task<TaskOutcome> Sum([ActivityTrigger] TaskCall call, FunctionContext context) =>
                    runner.RunAsync<Sum>(call, context.CancellationToken);
            """,
            fault);
    }

    [Fact]
    public void Create_FunctionWithoutItsTask_NamesIt() =>
        Assert.Contains("Function Gone runs a task of that name", Assert.Single(
            Assert.Throws<TaskCatalogueException>(() => Create([typeof(Echo)], ["Echo", "Gone"])).Faults), StringComparison.Ordinal);

    [Fact]
    public void Create_SeveralFaults_SaysAllAtOnce()
    {
        var refused = Assert.Throws<TaskCatalogueException>(() => Create(
            [typeof(BadArgs), typeof(Twice), typeof(ProbeWithout)], ["BadArgs", "ProbeWithout"],
            ("BadArgs", "Attempts", "0"), ("Nobody", "Attempts", "3")));

        Assert.Equal(
            [
                "The arguments of BadArgs.Body is Stream, which cannot be written as JSON (Stream). Pass an id or a payload reference.",
                "Chard:Tasks:BadArgs:Attempts is '0'; it must be 1 to 100.",
                "Chard.Domain.Tests.Tasks.TaskCatalogueTests+Twice implements ITask<,> or IStreamTask<,> 2 times; a task does it once.",
                "ProbeWithout is to be probed when in doubt (InDoubt is probe), but has no probe: implement IProbe<Int32, Int32>.",
                "Chard:Tasks:Nobody sets the policy of a task that does not exist. There are: BadArgs, ProbeWithout.",
            ],
            refused.Faults);
    }

    [Fact]
    public void Create_StreamTask_HasArraysAsArgumentsAndAProbeOfTheStream()
    {
        TaskDescriptor task = Create([typeof(Counts)], ["Counts"])["counts"];

        Assert.Equal((typeof(string[]), typeof(int), true, true), (task.ArgsType, task.ResultType, task.Streams, task.HasProbe));
    }

    [Fact]
    public void Create_StreamTaskWithFaults_SaysThem()
    {
        var refused = Assert.Throws<TaskCatalogueException>(() => Create([typeof(BadItems), typeof(Both)], ["BadItems"]));

        Assert.Equal(
            [
                "An item of the arguments of BadItems is Stream, which cannot be written as JSON (Stream). Pass an id or a payload "
                    + "reference.",
                "BadItems is to be probed when in doubt (InDoubt is probe), but has no probe: implement IProbe<IAsyncEnumerable<Stream>, "
                    + "Int32>.",
                "Chard.Domain.Tests.Tasks.TaskCatalogueTests+Both implements ITask<,> or IStreamTask<,> 2 times; a task does it once.",
            ],
            refused.Faults.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Create_SettingsOverAttribute_GiveTheTasksPolicy()
    {
        TaskPolicy policy = Create([typeof(Patient)], ["Patient"], ("Patient", "Attempts", "9"))["patient"].Policy;

        Assert.Equal(TaskPolicy.Default with { Attempts = 9, FirstDelaySeconds = 5, TimeLimitSeconds = null }, policy);
    }

    [Fact]
    public void Create_LimitThatNoSettingDefines_NamesTaskAndKeys()
    {
        var refused = Assert.Throws<TaskCatalogueException>(
            () => Create([typeof(Echo), typeof(Sum)], ["Echo", "Sum"], ("Echo", "Limit", "database"), ("Sum", "Limit", "data base")));

        Assert.Equal(
            [
                "Chard:Tasks:Sum:Limit is 'data base'; it must be 1 to 64 of A-Z a-z 0-9 . _ -.",
                "Echo is under a limit (Limit of its policy, or Chard:Tasks:Echo:Limit) that no setting defines. There is no limit "
                    + "'database'. No setting defines one (Chard:Limits:{key}:Concurrency or PerSecond), and no task does ([TaskLimit]).",
            ],
            refused.Faults);
    }

    [Fact]
    public void Create_TaskThatSaysItsLimit_IsUnderIt()
    {
        var declared = typeof(Paced).GetCustomAttribute<TaskLimitAttribute>()!;

        TaskCatalogue tasks = TaskCatalogue.Create(
            [typeof(Paced)], ["Paced"], new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>(),
            LimitCatalogue.Create(new Dictionary<string, IReadOnlyList<KeyValuePair<string, string?>>>(), declared));

        Assert.Equal(TaskPolicy.Default with { Limit = "crm" }, tasks["Paced"].Policy);
    }

    [Fact]
    public void TasksIn_Domain_FindsTheSmallTasks() =>
        Assert.Superset(
            new HashSet<Type> { typeof(Echo), typeof(Sleep), typeof(Flaky), typeof(Fail), typeof(Sum), typeof(Square) },
            TaskCatalogue.TasksIn(typeof(Echo).Assembly).ToHashSet());

    [Fact]
    public void PoliciesOf_ThroughAnOrchestratorsInput_ComeBackWhole()
    {
        TaskCatalogue catalogue = Create([typeof(Patient), typeof(Echo)], ["Patient", "Echo"], ("Patient", "Attempts", "9"));
        var input = new WorkflowInput<int>("wf", 1, catalogue.PoliciesOf("Patient", "Echo"));

        string json = JsonSerializer.Serialize(input);
        WorkflowHeader header = JsonSerializer.Deserialize<WorkflowHeader>(json)!;

        Assert.Contains(
            """{"Patient":{"attempts":9,"firstDelaySeconds":5,"timeLimitSeconds":null},"Echo":{"pure":true,"pack":500}}""", json,
            StringComparison.Ordinal);
        Assert.Equal(catalogue["Patient"].Policy, header.PolicyOf("patient"));
        Assert.Equal(TaskPolicy.Default with { Pure = true, Pack = 500 }, header.PolicyOf("Echo"));
        Assert.Equal(TaskPolicy.Default, header.PolicyOf("Other"));
    }

    [Fact]
    public void PoliciesOf_UnknownTask_IsRefused() =>
        Assert.Throws<KeyNotFoundException>(() => Create([typeof(Echo)], ["Echo"]).PoliciesOf("Ekko"));

    private static TaskCatalogue Create(Type[] types, string[] functions, params (string Task, string Member, string Value)[] settings) =>
        TaskCatalogue.Create(types, functions, settings.GroupBy(s => s.Task).ToDictionary(
            g => g.Key, IReadOnlyList<KeyValuePair<string, string?>> (g) =>
                [.. g.Select(s => KeyValuePair.Create(s.Member, (string?)s.Value))]));

    public sealed record StreamArgs(Stream Body);

    private sealed class BadArgs : ITask<StreamArgs, int>
    {
        public Task<int> RunAsync(StreamArgs args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(0);
    }

    private sealed class Twice : ITask<int, int>, ITask<string, int>
    {
        public Task<int> RunAsync(int args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(0);

        public Task<int> RunAsync(string args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(0);
    }

    private sealed class Counts : IStreamTask<string, int>, IProbe<IAsyncEnumerable<string>, int>
    {
        public Task<int> RunAsync(IAsyncEnumerable<string> items, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult(0);

        public Task<ProbeAnswer<int>> DidItLandAsync(IAsyncEnumerable<string> args, TaskContext context,
            CancellationToken cancellationToken) => Task.FromResult(default(ProbeAnswer<int>));
    }

    [TaskPolicy(InDoubt = InDoubt.Probe)]
    private sealed class BadItems : IStreamTask<Stream, int>
    {
        public Task<int> RunAsync(IAsyncEnumerable<Stream> items, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult(0);
    }

    private sealed class Both : ITask<int, int>, IStreamTask<int, int>
    {
        public Task<int> RunAsync(int args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(0);

        public Task<int> RunAsync(IAsyncEnumerable<int> items, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult(0);
    }

    [TaskPolicy(InDoubt = InDoubt.Probe)]
    private sealed class ProbeWithout : ITask<int, int>
    {
        public Task<int> RunAsync(int args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(0);
    }

    [TaskPolicy(Attempts = 2, FirstDelaySeconds = 5, TimeLimitSeconds = 0)]
    private sealed class Patient : ITask<int, int>
    {
        public Task<int> RunAsync(int args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(0);
    }

    [TaskLimit("crm", PerSecond = 10)]
    private sealed class Paced : ITask<int, int>
    {
        public Task<int> RunAsync(int args, TaskContext context, CancellationToken cancellationToken) => Task.FromResult(0);
    }
}
