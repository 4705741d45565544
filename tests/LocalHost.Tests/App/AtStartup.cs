using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public sealed class AtStartup(ConcurrentQueue<string> runs)
{
    [Function("AtStartup")]
    public void Run([TimerTrigger("0 0 3 1 1 *", RunOnStartup = true, UseMonitor = false)] TimerInfo timer) => runs.Enqueue("AtStartup");
}
