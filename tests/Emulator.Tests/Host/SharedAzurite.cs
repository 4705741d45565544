using Chard.Emulator.Azurite;

namespace Chard.Emulator.Tests.Host;

/// <summary>One Azurite for all host tests of a run; each test uses names of its own. It ends with the test process.</summary>
internal static class SharedAzurite
{
    private static readonly Lazy<Task<AzuriteProcess>> Instance = new(StartAsync);

    public static Task<AzuriteProcess> GetAsync() => Instance.Value;

    private static async Task<AzuriteProcess> StartAsync()
    {
        var azurite = await AzuriteProcess.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => azurite.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(15));
        return azurite;
    }
}
