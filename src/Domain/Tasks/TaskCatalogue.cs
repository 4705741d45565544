using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Chard.Domain.Limits;

namespace Chard.Domain.Tasks;

/// <summary>All tasks of the app with their policies, checked whole when it is made.</summary>
public sealed class TaskCatalogue
{
    private readonly Dictionary<string, TaskDescriptor> _byName;

    private TaskCatalogue(Dictionary<string, TaskDescriptor> byName) => _byName = byName;

    /// <summary>All tasks, in order of their names.</summary>
    public IEnumerable<TaskDescriptor> All => _byName.Values.OrderBy(t => t.Name, StringComparer.Ordinal);

    /// <summary>
    /// The catalogue of <paramref name="taskTypes"/>.
    /// </summary>
    /// <param name="taskTypes">Classes that implement <see cref="ITask{TArgs, TResult}"/> or
    /// <see cref="IStreamTask{TItem, TResult}"/>.</param>
    /// <param name="functions">Names of the activity functions that run tasks: each task needs one, and each needs a task.</param>
    /// <param name="settings">What is set below <c>Chard:Tasks</c>, by task name.</param>
    /// <param name="limits">The limits that policies may name; null for none.</param>
    /// <exception cref="TaskCatalogueException">Something is wrong; says all of it.</exception>
    public static TaskCatalogue Create(
        IEnumerable<Type> taskTypes,
        IEnumerable<string> functions,
        IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> settings,
        LimitCatalogue? limits = null)
    {
        ArgumentNullException.ThrowIfNull(taskTypes);
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(settings);
        var faults = new List<string>();
        var byName = new Dictionary<string, TaskDescriptor>(StringComparer.OrdinalIgnoreCase);
        foreach (Type type in taskTypes)
        {
            if (Describe(type, settings, faults) is { } descriptor && !byName.TryAdd(descriptor.Name, descriptor))
            {
                faults.Add(
                    $"Two tasks are named '{descriptor.Name}': {byName[descriptor.Name].Type.FullName} and {type.FullName}. Rename one.");
            }
        }

        CheckFunctions(byName, [.. functions], faults);
        foreach (TaskDescriptor task in byName.Values.Where(t => t.Policy.Limit is not null && LimitKey.IsValid(t.Policy.Limit)))
        {
            if ((limits ?? LimitCatalogue.Empty).FaultOf(task.Policy.Limit) is { } fault)
            {
                faults.Add(
                    $"{task.Name} is under a limit (Limit of its policy, or {TaskPolicySettings.Section}:{task.Name}:Limit) "
                        + $"that no setting defines. {fault}");
            }
        }

        foreach (string name in settings.Keys.Where(n => !byName.ContainsKey(n)))
        {
            faults.Add(
                $"{TaskPolicySettings.Section}:{name} sets the policy of a task that does not exist. There are: "
                    + $"{string.Join(", ", byName.Keys.Order(StringComparer.Ordinal))}.");
        }

        return faults.Count == 0 ? new(byName) : throw new TaskCatalogueException(faults);
    }

    /// <summary>The classes of an assembly that are tasks.</summary>
    public static IEnumerable<Type> TasksIn(Assembly assembly)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && Contracts(t).Any());
    }

    /// <summary>Finds a task by its name, in any case.</summary>
    public bool TryGet(string? name, [NotNullWhen(true)] out TaskDescriptor? task)
    {
        task = null;
        return name is not null && _byName.TryGetValue(name, out task);
    }

    /// <summary>The task of a name, in any case.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public TaskDescriptor this[string name] =>
        TryGet(name, out TaskDescriptor? task) ? task
            : throw new KeyNotFoundException($"There is no task '{name}'. There are: {string.Join(", ", All.Select(t => t.Name))}.");

    /// <summary>
    /// The policies of the named tasks for an orchestrator's input: those that differ from
    /// <see cref="TaskPolicy.Default"/>; null if none does.
    /// </summary>
    /// <exception cref="KeyNotFoundException">A name is no task's.</exception>
    public IReadOnlyDictionary<string, TaskPolicy>? PoliciesOf(params IEnumerable<string> names)
    {
        Dictionary<string, TaskPolicy> policies = names.Select(n => this[n]).DistinctBy(t => t.Name)
            .Where(t => t.Policy != TaskPolicy.Default).ToDictionary(t => t.Name, t => t.Policy, StringComparer.OrdinalIgnoreCase);
        return policies.Count == 0 ? null : policies;
    }

    private static IEnumerable<Type> Contracts(Type type) =>
        type.GetInterfaces().Where(i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(ITask<,>) || IsStream(i)));

    private static bool IsStream(Type contract) => contract.GetGenericTypeDefinition() == typeof(IStreamTask<,>);

    private static TaskDescriptor? Describe(
        Type type, IReadOnlyDictionary<string, IReadOnlyList<KeyValuePair<string, string?>>> settings, List<string> faults)
    {
        Type[] contracts = [.. Contracts(type)];
        if (contracts.Length != 1)
        {
            faults.Add($"{type.FullName} implements ITask<,> or IStreamTask<,> {contracts.Length} times; a task does it once.");
            return null;
        }

        Type[] parts = contracts[0].GetGenericArguments();
        bool streams = IsStream(contracts[0]);
        faults.AddRange(JsonShape.Check(parts[0], $"{(streams ? "An item of the" : "The")} arguments of {type.Name}"));
        faults.AddRange(JsonShape.Check(parts[1], $"The result of {type.Name}"));

        TaskPolicy policy = type.GetCustomAttribute<TaskPolicyAttribute>()?.ToPolicy() ?? TaskPolicy.Default;
        if (type.GetCustomAttribute<TaskLimitAttribute>() is { } limit)
        {
            policy = policy with { Limit = policy.Limit ?? limit.Key };
        }

        IReadOnlyList<PolicyFault> own = TaskPolicyRules.Check(policy);
        faults.AddRange(own.Select(f => f.Say($"[TaskPolicy] of {type.Name}: {f.Member}")));
        if (own.Count == 0 && settings.GetValueOrDefault(type.Name) is { } given)
        {
            policy = TaskPolicySettings.Apply(policy, type.Name, given, faults);
        }

        var descriptor = new TaskDescriptor(type, parts[0], parts[1], streams, policy);
        if (policy.InDoubt == InDoubt.Probe && !descriptor.HasProbe)
        {
            faults.Add(
                $"{type.Name} is to be probed when in doubt (InDoubt is probe), but has no probe: implement "
                    + $"IProbe<{(streams ? $"IAsyncEnumerable<{parts[0].Name}>" : parts[0].Name)}, {parts[1].Name}>.");
        }

        return descriptor;
    }

    private static void CheckFunctions(Dictionary<string, TaskDescriptor> tasks, HashSet<string> functions, List<string> faults)
    {
        foreach (TaskDescriptor task in tasks.Values.Where(t => !functions.Contains(t.Name)))
        {
            faults.Add(
                $"Task {task.Name} has no function. Add it to the functions of tasks:{Environment.NewLine}{FunctionOf(task.Name)}");
        }

        foreach (string function in functions.Where(f => !tasks.TryGetValue(f, out TaskDescriptor? task) || task.Name != f))
        {
            faults.Add(
                $"Function {function} runs a task of that name, and there is none. Add the class, or take "
                    + $"out:{Environment.NewLine}{FunctionOf(function)}");
        }
    }

    private static string FunctionOf(string task) => $"""
            [Function("{task}")]
            public Task<TaskOutcome> {task}([ActivityTrigger] TaskCall call, FunctionContext context) =>
                runner.RunAsync<{task}>(call, context.CancellationToken);
        """;
}

/// <summary>The tasks of the app do not fit together; the message says everything that is wrong.</summary>
public sealed class TaskCatalogueException(IReadOnlyList<string> faults)
    : Exception(
        "The tasks of the app do not fit together:" + Environment.NewLine + string.Join(Environment.NewLine, faults.Select(f => "- " + f)))
{
    /// <summary>A sentence a fault.</summary>
    public IReadOnlyList<string> Faults { get; } = faults;
}
