namespace Chard.Emulator.DurableTask;

/// <summary>
/// Keeps live code within bounds: above the number of instances, or the size of the heap, that the options name, the half that has been idle
/// longest is dropped. A dropped instance is replayed from history when its next mail comes.
/// </summary>
internal sealed class InstanceCache(EngineRuntime runtime)
{
    private int collections = -1;
    private int sweeping;
    private int count;

    /// <summary>Called after each commit: cheap unless there is reason to look.</summary>
    public void Check()
    {
        if (Volatile.Read(ref count) <= runtime.Options.MaxCachedInstances && !IsMemoryShort())
        {
            return;
        }

        if (Interlocked.Exchange(ref sweeping, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static self => self.DropHalf(), this, preferLocal: false);
        }
    }

    /// <summary>Counts live code that came or went.</summary>
    public void Count(int change) => Interlocked.Add(ref count, change);

    /// <summary>Drops the idle half of the live instances.</summary>
    public int DropHalf()
    {
        try
        {
            var cached = runtime.Instances.All.OfType<OrchestrationInstance>().Where(static item => item.IsCached).OrderBy(static item => item.LastTurn).ToList();
            return cached.Take((cached.Count + 1) / 2).Count(static item => item.TryEvict());
        }
        finally
        {
            Volatile.Write(ref sweeping, 0);
        }
    }

    /// <summary>Only a full collection tells what is really in use.</summary>
    private bool IsMemoryShort()
    {
        var now = GC.CollectionCount(2);
        if (now == collections)
        {
            return false;
        }

        collections = now;
        return GC.GetTotalMemory(forceFullCollection: false) > runtime.Options.CacheMemoryLimitBytes;
    }
}
