using System.Threading.Channels;
using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chard.DurableTask.Sqlite;

/// <summary>
/// The Durable Task Framework on one SQLite file, or in memory: for one process at a time. A turn, its messages and its new instances are
/// one transaction; many share a commit. What was acknowledged is there after kill -9, and what was committed is not run again. The store
/// is opened by the first call; <see cref="Dispose"/> lets go of it.
/// </summary>
public sealed partial class SqliteOrchestrationService(SqliteStorageOptions options, ILoggerFactory? loggers = null)
    : IEntityOrchestrationService, IOrchestrationServiceClient, IOrchestrationServiceQueryClient, IOrchestrationServicePurgeClient,
        IDisposable
{
    private readonly Lock gate = new();
    private readonly Handouts handouts = new();
    private readonly ILogger logger = (loggers ?? NullLoggerFactory.Instance).CreateLogger("Chard.DurableTask.Sqlite");
    private EngineCore? core;
    private bool disposed;

    /// <summary>Entities have a queue of their own. Set before the worker starts. Default true.</summary>
    public bool UseSeparateQueueForEntityWorkItems { get; set; } = true;

    public int TaskOrchestrationDispatcherCount => 1;

    public int MaxConcurrentTaskOrchestrationWorkItems => options.MaxConcurrentOrchestrations;

    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    public int TaskActivityDispatcherCount => 1;

    public int MaxConcurrentTaskActivityWorkItems => options.MaxConcurrentActivities;

    public EntityBackendProperties EntityBackendProperties => new()
    {
        EntityMessageReorderWindow = TimeSpan.Zero,
        MaxEntityOperationBatchSize = options.MaxEntityOperationBatchSize,
        MaxConcurrentTaskEntityWorkItems = options.MaxConcurrentEntities,
        SupportsImplicitEntityDeletion = true,
        MaximumSignalDelayTime = TimeSpan.MaxValue,
        UseSeparateQueueForEntityWorkItems = UseSeparateQueueForEntityWorkItems,
    };

    /// <summary>Instances whose history is in memory.</summary>
    internal int LoadedInstances => Core.Table.LoadedCount;

    /// <summary>When the first timer, put-off start or delayed signal is due; null: nothing is planned.</summary>
    internal DateTimeOffset? NextDue => Core.NextDue;

    /// <summary>Nothing runs and nothing waits to be run now.</summary>
    internal bool IsIdle => Core.IsIdle;

    private EngineCore Core
    {
        get
        {
            lock (gate)
            {
                ObjectDisposedException.ThrowIf(disposed, this);
                return core ??= new EngineCore(options, UseSeparateQueueForEntityWorkItems, logger);
            }
        }
    }

    public Task StartAsync()
    {
        Core.Table.SeparatesEntities = UseSeparateQueueForEntityWorkItems;
        return Task.CompletedTask;
    }

    public Task StopAsync() => StopAsync(false);

    /// <summary>Nothing to stop: workers have let go of their work when this is called, and clients may go on.</summary>
    public Task StopAsync(bool isForced) => Task.CompletedTask;

    /// <summary>
    /// Gives workers nothing more, and is done when all they have is committed or given back. For a host that stops its workers without
    /// waiting for them, as Functions does: what runs then is lost before its commit, and runs again. Clients may go on.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        var drained = handouts.EndAsync();
        if (core is { Writer.IsDead: false } engine)
        {
            engine.Table.EndSessions();
            await drained.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task CreateAsync() => CreateAsync(true);

    public Task CreateAsync(bool recreateInstanceStore) => recreateInstanceStore ? DeleteAsync() : CreateIfNotExistsAsync();

    /// <summary>
    /// Opens the store. <see cref="SqliteStorageException"/> when it is in use by another process, of a newer version, or not one of ours.
    /// </summary>
    public Task CreateIfNotExistsAsync() => Task.Run(() => Core);

    public Task DeleteAsync() => DeleteAsync(true);

    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;

    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => exception is OperationCanceledException ? 0 : 1;

    public Task<TaskOrchestrationWorkItem> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout, CancellationToken cancellationToken) =>
        LockNextAsync(Core.Table.Orchestrations, receiveTimeout, cancellationToken);

    public Task<TaskOrchestrationWorkItem> LockNextOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout, CancellationToken cancellationToken) =>
        LockNextAsync(Core.Table.Orchestrations, receiveTimeout, cancellationToken);

    public Task<TaskOrchestrationWorkItem> LockNextEntityWorkItemAsync(TimeSpan receiveTimeout, CancellationToken cancellationToken) =>
        LockNextAsync(Core.Table.EntityQueue, receiveTimeout, cancellationToken);

    /// <summary>Nothing to renew: one process has the store, and its locks end with it.</summary>
    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    public Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem,
        OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages,
        IList<TaskMessage> timerMessages,
        TaskMessage? continuedAsNewMessage,
        OrchestrationState? orchestrationState)
    {
        // Timers whose times have passed by now are delivered as they stand here, and fire in the order of their times all the same.
        var timers = timerMessages.OrderBy(timer => ((TimerFiredEvent)timer.Event).FireAt);
        IEnumerable<TaskMessage> messages =
            [.. timers, .. orchestratorMessages, .. continuedAsNewMessage is null ? [] : new[] { continuedAsNewMessage }];
        var turn =
            new Turn((WorkItem)workItem, newOrchestrationRuntimeState, outboundMessages, messages, orchestrationState, options.Clock);
        var engine = Core;
        return engine.ChangeAsync(change => turn.Store(change, engine.Delivery, engine.Table, engine.Activities), lasting: true);
    }

    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        ((WorkItem)workItem).Abandon();
        return Task.CompletedTask;
    }

    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        ((WorkItem)workItem).Release();
        handouts.Back();
        return Task.CompletedTask;
    }

    public async Task<TaskActivityWorkItem> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        var engine = Core;
        while (await NextAsync(engine, engine.Activities.Queue, receiveTimeout, cancellationToken).ConfigureAwait(false) is { } task)
        {
            engine.Activities.Taken(task);
            task.Message ??= await engine.ChangeAsync(change => Activities.Read(change.Database, task.Key)).ConfigureAwait(false);
            if (task.Message is not null)
            {
                return new ActivityWorkItem(task, engine.Activities);
            }

            engine.Activities.Done();
            handouts.Back();
        }

        return null!;
    }

    /// <summary>Nothing to renew, as with orchestrations.</summary>
    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    public async Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage)
    {
        var engine = Core;
        var task = ((ActivityWorkItem)workItem).Pending;
        var name = ((TaskScheduledEvent)workItem.TaskMessage.Event).Name ?? string.Empty;
        if (options.Faults?.LosesResult(name) == true)
        {
            await AbandonTaskActivityWorkItemAsync(workItem).ConfigureAwait(false);
            return;
        }

        var times = options.Faults?.RepeatsResult(name) == true ? 2 : 1;
        if (options.Clock != TimeProvider.System)
        {
            responseMessage.Event.Timestamp = options.Clock.GetUtcNow().UtcDateTime;
        }

        var response = Outgoing.Of(responseMessage);
        await engine.ChangeAsync(
            change =>
            {
                if (change.Database.Execute("DELETE FROM tasks WHERE key = $1", task.Key) == 1)
                {
                    for (var time = 0; time < times; time++)
                    {
                        engine.Delivery.Send(change, response);
                    }
                }

                change.Publish(engine.Activities.Done);
                return true;
            },
            lasting: true).ConfigureAwait(false);
        handouts.Back();
    }

    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        var item = (ActivityWorkItem)workItem;
        item.Owner.Return(item.Pending);
        handouts.Back();
        return Task.CompletedTask;
    }

    /// <summary>Stores what was asked for, then lets go of the store.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
        }

        core?.StopAsync().GetAwaiter().GetResult();
        core?.EndWaits(new ObjectDisposedException(nameof(SqliteOrchestrationService)));
    }

    /// <summary>Gives a store of a test more room, or less.</summary>
    internal Task SetMaxPagesAsync(long pages) => Core.ChangeAsync(change =>
    {
        change.Database.Script($"PRAGMA max_page_count = {pages}");
        return true;
    });

    /// <summary>The next item, counted as given; null when there is none in time. A dead engine has none, nor one that drains.</summary>
    private async ValueTask<T?> NextAsync<T>(
        EngineCore engine, ChannelReader<T> queue, TimeSpan timeout, CancellationToken cancellation)
        where T : class
    {
        // What is read while this drains stays in the store, for the next that opens it.
        if (!IsOver() && queue.TryRead(out var item))
        {
            return handouts.TryGive() ? item : null;
        }

        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wait.CancelAfter(timeout);
        try
        {
            item = await (IsOver() ? Channel.CreateUnbounded<T>().Reader : queue).ReadAsync(wait.Token).ConfigureAwait(false);
            return !IsOver() && handouts.TryGive() ? item : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        bool IsOver() => engine.Writer.IsDead || handouts.IsOver;
    }

    private async Task<TaskOrchestrationWorkItem> LockNextAsync(
        ChannelReader<Instance> queue, TimeSpan timeout, CancellationToken cancellation)
    {
        var engine = Core;
        while (await NextAsync(engine, queue, timeout, cancellation).ConfigureAwait(false) is { } instance)
        {
            WorkItem? item = null;
            try
            {
                if (engine.Table.TryLock(instance))
                {
                    await engine.LoadAsync(instance).ConfigureAwait(false);
                    item = engine.Table.Begin(instance, cancellation);
                }
            }
            finally
            {
                if (item is null)
                {
                    handouts.Back();
                }
            }

            if (item is not null)
            {
                return item;
            }
        }

        return null!;
    }
}
