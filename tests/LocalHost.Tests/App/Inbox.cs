using System.Collections.Concurrent;

namespace Chard.LocalHost.Tests.App;

public sealed class Inbox
{
    public ConcurrentQueue<string> All { get; } = new();

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
