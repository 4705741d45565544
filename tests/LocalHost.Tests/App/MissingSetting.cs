using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public static class MissingSetting
{
    [Function("MissingSetting")]
    public static void Run([QueueTrigger("%NOWHERE%")] string text) => ArgumentNullException.ThrowIfNull(text);
}
