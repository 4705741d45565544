using System.Diagnostics;
using Chard.EndToEnd.Tests.Repository;

namespace Chard.EndToEnd.Tests.Dashboard;

/// <summary>The page's own tests, of what in it needs no browser.</summary>
public sealed class PageUnitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Tests_OfThePage_Pass()
    {
        bool isWindows = OperatingSystem.IsWindows();
        using Process npm = Process.Start(new ProcessStartInfo(isWindows ? "cmd" : "npm", isWindows ? "/c npm test" : "test")
        {
            WorkingDirectory = RepositoryPaths.Of("src", "Chard", "Dashboard", "page"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var limit = new CancellationTokenSource(Patience);
        Task<string> output = npm.StandardOutput.ReadToEndAsync(limit.Token);
        Task<string> errors = npm.StandardError.ReadToEndAsync(limit.Token);
        await npm.WaitForExitAsync(limit.Token);

        Assert.True(npm.ExitCode == 0, await output + await errors);
        Assert.Matches("# pass [1-9][0-9]*", await output);
    }
}
