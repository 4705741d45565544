using System.Diagnostics;

namespace Chard.EndToEnd.Tests.Packages;

/// <summary>Somebody who types commands, with templates of his own.</summary>
/// <param name="home">Where he begins, and where the templates lie.</param>
internal sealed class Terminal(string home)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private string? _entered;

    /// <summary>Where he is.</summary>
    public string Folder => _entered ?? home;

    /// <summary>Goes to a folder below.</summary>
    public void Enter(string below) => _entered = Path.Combine(Folder, below);

    /// <summary>Runs a program in the folder to its end, and gives what it printed. One that fails, fails the test.</summary>
    public string Run(string program, params IEnumerable<string> arguments)
    {
        string[] all = [.. arguments];
        (int code, string output) = TryRun(program, all);
        Assert.True(code == 0, $"{program} {string.Join(' ', all)} ended with {code}:{Environment.NewLine}{output}");
        return output;
    }

    /// <summary>Runs a program in the folder to its end.</summary>
    public (int ExitCode, string Output) TryRun(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                // No build server outlives the test, but that of the compiler, which ends by itself: each build would start it anew.
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["DOTNET_CLI_HOME"] = home,
                ["DOTNET_NOLOGO"] = "1",
            },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {Patience}.");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }
}
