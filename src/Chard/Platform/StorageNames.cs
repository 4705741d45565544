using System.Text.RegularExpressions;

namespace Chard.Platform;

/// <summary>
/// Names of all tables, queues and containers of an app. Each begins with the name of its task hub, as the durable extension's own
/// do, so that apps with hubs of their own share an account and see nothing of each other.
/// </summary>
public sealed partial class StorageNames
{
    /// <summary>
    /// Names the hub in a trigger, where a name has to be a constant. Any host can resolve it, from
    /// host.json and what overrides it.
    /// </summary>
    public const string HubPlaceholder = $"%{TaskHub.HostSetting}%";

    /// <summary>Queue of starts, for a trigger.</summary>
    public const string StartQueueTrigger = HubPlaceholder + "-" + Starts;

    /// <summary>Queue of starts that failed too often, for a trigger.</summary>
    public const string PoisonedStartQueueTrigger = StartQueueTrigger + Poison;

    /// <summary>Queue of slow tasks, for a trigger.</summary>
    public const string SlowTaskQueueTrigger = HubPlaceholder + "-" + SlowTasks;

    /// <summary>Queue of slow tasks that failed too often, for a trigger.</summary>
    public const string PoisonedSlowTaskQueueTrigger = SlowTaskQueueTrigger + Poison;

    /// <summary>Tries of a queue message: <c>maxDequeueCount</c> in host.json.</summary>
    public const int MaxDequeueCount = 5;

    private const string Starts = "workflow-starts";
    private const string SlowTasks = "tasks-slow";
    private const string Payloads = "payloads";

    // The host's own suffix for messages that failed too often.
    private const string Poison = "-poison";

    /// <summary>The names under a hub.</summary>
    /// <param name="hub">3 to 40 letters and digits, a letter first: the extension's rule, less what the longest name
    /// of a queue (63) needs.</param>
    /// <exception cref="ArgumentException"><paramref name="hub"/> breaks the rule.</exception>
    public StorageNames(string hub)
    {
        if (!IsValid(hub))
        {
            throw new ArgumentException(Rule(hub), nameof(hub));
        }

        Hub = hub;
        WorkflowTable = hub + "Workflows";
        DeadLetterTable = hub + "DeadLetters";
        ScheduleTable = hub + "Schedules";

        // Tables keep their case; queues and containers have none but lower.
        string prefix = QueuePrefix(hub) + "-";
        PayloadContainer = prefix + Payloads;
        StartQueue = prefix + Starts;
        SlowTaskQueue = prefix + SlowTasks;
        WorkItemQueue = prefix + "workitems";
    }

    /// <summary>The hub's name.</summary>
    public string Hub { get; }

    /// <summary>Table of workflows: their status and their ledger.</summary>
    public string WorkflowTable { get; }

    /// <summary>Table of dead letters.</summary>
    public string DeadLetterTable { get; }

    /// <summary>Table of what is remembered of schedules.</summary>
    public string ScheduleTable { get; }

    /// <summary>Container of large arguments and results.</summary>
    public string PayloadContainer { get; }

    /// <summary>Queue of starts.</summary>
    public string StartQueue { get; }

    /// <summary>Queue that the host moves starts to that failed too often.</summary>
    public string PoisonedStartQueue => StartQueue + Poison;

    /// <summary>Queue of slow tasks.</summary>
    public string SlowTaskQueue { get; }

    /// <summary>Queue of the engine's activities, where the engine keeps them on Azure Storage.</summary>
    public string WorkItemQueue { get; }

    /// <summary>Queue that the host moves slow tasks to that failed too often.</summary>
    public string PoisonedSlowTaskQueue => SlowTaskQueue + Poison;

    /// <summary>A container of the app's own, beside the library's and the engine's.</summary>
    /// <param name="name">1 to 22 lower-case letters, digits and single dashes between them; none that the library or the engine
    /// has: <c>payloads</c>, <c>leases</c>, <c>applease</c>, <c>largemessages</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> breaks the rule.</exception>
    public string Container(string name) =>
        ContainerPattern().IsMatch(name) && name is not (Payloads or "leases" or "applease" or "largemessages")
            ? $"{QueuePrefix(Hub)}-{name}"
            : throw new ArgumentException(
                $"'{name}' cannot be the name of an app's container: 1 to {MaxContainerLength} of a-z, 0-9 and single dashes between "
                    + "them, and none of the library's or the engine's.",
                nameof(name));

    /// <summary>True if a hub may be named so.</summary>
    public static bool IsValid(string? hub) => hub is not null && HubPattern().IsMatch(hub);

    /// <summary>What is wrong with a hub's name.</summary>
    internal static string Rule(string? hub) => $"'{hub}' cannot be the name of a task hub: 3 to 40 of A-Z, a-z, 0-9, a letter first.";

    /// <summary>What <see cref="HubPlaceholder"/> stands for in names of queues.</summary>
    internal static string QueuePrefix(string hub) => hub.ToLowerInvariant();

    // What the longest name of a hub leaves of the 63 characters of a container's.
    private const int MaxContainerLength = 22;

    [GeneratedRegex(@"\A(?=.{1,22}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerPattern();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9]{2,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex HubPattern();
}
