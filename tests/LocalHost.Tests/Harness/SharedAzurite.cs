using Chard.LocalHost.Azurite;

namespace Chard.LocalHost.Tests;

/// <summary>One Azurite for all tests of a run; each test uses names of its own. It ends with the test process.</summary>
internal static class SharedAzurite
{
    private static readonly Lazy<Task<AzuriteProcess>> Instance = new(() => AzuriteProcess.StartAsync());

    public static Task<AzuriteProcess> GetAsync() => Instance.Value;
}
