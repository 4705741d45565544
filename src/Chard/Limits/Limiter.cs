using Chard.Domain.Limits;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Entities;
using Microsoft.Extensions.Logging;

namespace Chard.Limits;

/// <summary>
/// The durable entity of a limit, <c>@limiter@{KEY}</c>: its operations run one at a time over all hosts, each all or nothing. It
/// reads the settings of the host it runs on at each operation, so changed numbers hold for what waits already.
/// </summary>
public sealed partial class Limiter(LimitCatalogue limits, TimeProvider time, ILogger<Limiter> logger) : TaskEntity<LimiterState>
{
    /// <summary>Name of the entity.</summary>
    public const string Name = "Limiter";

    /// <summary>The limiter of a key.</summary>
    public static EntityInstanceId IdOf(string key) => new(Name, LimitKey.Canonical(key));

    /// <summary>
    /// Runs one operation. The worker finds entry points by name alone, so this one must differ from the inherited <c>RunAsync</c>.
    /// </summary>
    [Function(Name)]
    public static Task RunOperationAsync([EntityTrigger] TaskEntityDispatcher dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        return dispatcher.DispatchAsync<Limiter>();
    }

    /// <summary>Asks for a permit; safe to repeat.</summary>
    public PermitAnswer Acquire(Permit permit)
    {
        DateTimeOffset now = time.GetUtcNow();
        return State.Acquire(Rule(), now, permit);
    }

    /// <summary>Gives a permit back, or leaves the queue; safe to repeat. Gives the offers for others to pass on.</summary>
    public IReadOnlyList<PermitNotice> Release(Permit permit)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<PermitNotice> notices = State.Release(Rule(), now, permit);
        Forget(now);
        return notices;
    }

    /// <summary>Applies what a look at the owners found; safe to repeat, and late.</summary>
    public void Tidy(Cleanup found)
    {
        DateTimeOffset now = time.GetUtcNow();
        State.Tidy(Rule(), now, found);
        Forget(now);
    }

    /// <summary>An entity without a state is gone.</summary>
    private void Forget(DateTimeOffset now)
    {
        if (State.IsEmpty(now))
        {
            State = null!;
        }
    }

    private LimitRule Rule()
    {
        if (limits.TryGet(Context.Id.Key, out LimitRule? rule))
        {
            return rule;
        }

        // A setting that was taken out must not keep what waits waiting for ever.
        LogUnknown(logger, Context.Id.Key);
        return LimitRule.Unlimited(Context.Id.Key);
    }

    [LoggerMessage(EventId = 150, EventName = "LimitUnknown", Level = LogLevel.Warning,
        Message = "No setting defines limit {Key}, so it limits nothing; calls that name it are under way")]
    private static partial void LogUnknown(ILogger logger, string key);
}
