using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public sealed class EachSecond(ConcurrentQueue<string> runs)
{
    [Function("Ticks")]
    public void Ticks([TimerTrigger("%SECONDLY%", UseMonitor = false)] TimerInfo timer) => runs.Enqueue("Ticks");

    [Function("Throws")]
    public void Throws([TimerTrigger("%SECONDLY%", UseMonitor = false)] TimerInfo timer)
    {
        runs.Enqueue("Throws");
        throw new InvalidOperationException("every time");
    }
}
