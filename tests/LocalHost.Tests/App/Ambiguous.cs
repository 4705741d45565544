using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

/// <summary>The worker looks entry points up by their names, and finds two.</summary>
public static class Ambiguous
{
    [Function("Ambiguous")]
    public static void Run([ActivityTrigger] string text) => Run(text, 1);

    public static void Run(string text, int times) => ArgumentNullException.ThrowIfNull(text + times);
}
