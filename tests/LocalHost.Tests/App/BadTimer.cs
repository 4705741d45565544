using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public static class BadTimer
{
    [Function("BadTimer")]
    public static void Run([TimerTrigger("every day")] TimerInfo timer) => ArgumentNullException.ThrowIfNull(timer);
}
