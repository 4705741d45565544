using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public sealed class Hourly(ConcurrentQueue<string> runs)
{
    [Function("Hourly")]
    public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) =>
        runs.Enqueue($"Hourly{(timer.IsPastDue ? " past due" : string.Empty)}, last {timer.ScheduleStatus?.Last.Year}");
}
