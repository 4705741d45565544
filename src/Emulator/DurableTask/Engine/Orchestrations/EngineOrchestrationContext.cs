using System.Security.Cryptography;
using System.Text;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace Chard.Emulator.DurableTask;

/// <summary>What the orchestrator's code sees.</summary>
internal sealed partial class EngineOrchestrationContext(OrchestrationRun run, RunIdentity identity, RunServices services) : TaskOrchestrationContext
{
    private static readonly byte[] GuidNamespace = new Guid("9e952958-5e33-4daf-827f-2fa12937b875").ToByteArray(bigEndian: true);

    private EngineEntityFeature? entities;
    private int guids;

    public override TaskName Name { get; } = new(identity.Name);

    public override string InstanceId => identity.InstanceId;

    public override ParentOrchestrationInstance? Parent => identity.Parent;

    public override string Version => identity.Version;

    public override DateTime CurrentUtcDateTime => run.Now;

    public override bool IsReplaying => run.IsReplaying;

    public override TaskOrchestrationEntityFeature Entities
    {
        get
        {
            CheckThread();
            return services.Options.EntitiesEnabled
                ? entities ??= new EngineEntityFeature(run, identity, services, this)
                : throw new NotSupportedException("Entities are switched off; switch on EntitiesEnabled, or EnableEntitySupport.");
        }
    }

    protected override ILoggerFactory LoggerFactory => services.LoggerFactory;

    public override T GetInput<T>()
    {
        CheckThread();
        return services.Codec.Deserialize<T>(run.Input)!;
    }

    public override Guid NewGuid()
    {
        CheckThread();
        return NewGuidCore();
    }

    public override void SetCustomStatus(object? customStatus)
    {
        CheckThread();
        run.CustomStatus = services.Codec.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        CheckThread();
        run.Successor = options;
    }

    public override async Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        CheckThread();

        // The real one converts first, so Unspecified counts as local time.
        var due = fireAt.ToUniversalTime();
        var longest = services.Options.MaximumTimerInterval;
        while (due - run.Now > longest)
        {
            await CreateOneTimer(run.Now + longest, cancellationToken);
        }

        await CreateOneTimer(due, cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        CheckThread();
        return run.Events.Wait<T>(eventName, run, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        CheckThread();
        RefuseEntityId(instanceId, services.Options);
        run.Send(new SendAction
        {
            Kind = ActionKind.SendEvent,
            Id = run.NextId(),
            Name = eventName,
            Target = instanceId,
            Message = new HistoryEvent(EventKind.EventRaised) { Name = eventName, Payload = services.Codec.Serialize(payload) },
        });
    }

    /// <summary>Gives locks of entities back when the code has ended.</summary>
    internal void ReleaseLocks() => entities?.ReleaseAll();

    /// <summary>Ids of entities are not for orchestrations while entities are on.</summary>
    internal static void RefuseEntityId(string instanceId, DurableEngineOptions options)
    {
        if (options.EntitiesEnabled && instanceId.StartsWith('@'))
        {
            throw new ArgumentException($"'{instanceId}' is not the id of an orchestration: ids that begin with '@' belong to entities.", nameof(instanceId));
        }
    }

    /// <summary>Durable calls from another thread would race with the turn, and a replay would not see them in the same order.</summary>
    internal void CheckThread()
    {
        if (run.HoldsThread)
        {
            return;
        }

        run.ReportIllegalAwait();
        throw new InvalidOperationException(
            $"An invalid asynchronous invocation was detected: orchestrator '{identity.Name}' (instance '{identity.InstanceId}') used its context off the orchestrator's thread. " +
            "Await only tasks of the context, without ConfigureAwait(false), and use it nowhere else.");
    }

    internal Task CreateOneTimer(DateTime due, CancellationToken cancellation)
    {
        var id = run.NextId();
        var timer = new OpenTask<object?>("timer", id, null);
        var task = run.Open(new TimerAction { Kind = ActionKind.CreateTimer, Id = id, DueTicks = due.Ticks }, timer);
        if (cancellation.CanBeCanceled)
        {
            // The registration ends with the timer: a token that lives long must not gather dead timers.
            var registration = cancellation.Register(() => run.OnOrchestratorThread(() => run.CancelTimer(id, timer, cancellation)));
            return task.IsCompleted ? task : Unregister(task, registration);
        }

        return task;
    }

    internal Guid NewGuidCore()
    {
        var name = $"{identity.InstanceId}_{run.Now:o}_{guids++}";
        var length = Encoding.UTF8.GetByteCount(name);
        var text = new byte[16 + length];
        GuidNamespace.CopyTo(text, 0);
        Encoding.UTF8.GetBytes(name, text.AsSpan(16));
#pragma warning disable CA5350 // A version 5 UUID is defined with SHA-1; nothing is protected by it.
        Span<byte> hash = stackalloc byte[20];
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private static async Task Unregister(Task timer, CancellationTokenRegistration registration)
    {
        try
        {
            await timer;
        }
        finally
        {
            registration.Dispose();
        }
    }
}
