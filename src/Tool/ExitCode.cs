namespace Chard.Tool;

/// <summary>What the tool ends with: a contract with scripts (docs/tool.md).</summary>
internal static class ExitCode
{
    /// <summary>It is done; what was watched has completed.</summary>
    public const int Done = 0;

    /// <summary>The workflow failed, was cancelled or has expired; or the app refused what it was asked, or a part of it.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong, or a file that it names cannot be read.</summary>
    public const int Usage = 2;

    /// <summary>The app cannot be reached, lets the caller not in, or answered an error of its own.</summary>
    public const int Unreachable = 3;

    /// <summary>With <c>--no-wait-parked</c>: the workflow is parked or paused, and waits for somebody.</summary>
    public const int Waiting = 4;

    /// <summary>Ctrl-C. What was started goes on.</summary>
    public const int Interrupted = 130;

    /// <summary>The end of <c>--help</c>.</summary>
    public const string Help = """
        Exit codes:
          0    done; what was watched has completed
          1    the workflow failed, was cancelled or has expired, or the app refused something
          2    the command line is wrong
          3    the app cannot be reached, refuses the key, or answered an error
          4    with --no-wait-parked: the workflow is parked or paused
          130  Ctrl-C; workflows go on
        """;
}
