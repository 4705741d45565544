using Chard.LocalHost.Durable;

namespace Chard.Bench;

/// <summary>On what the benchmarks run.</summary>
/// <param name="Engine">The durable engine.</param>
/// <param name="InProcess">The worker runs in the host's process, as in tests, and not as its child. Of the figures of the engine
/// alone.</param>
/// <param name="RequestsOnly">Only the storage requests, whose number does not depend on how busy the machine is.</param>
/// <param name="Calls">Tells on the error output which storage requests they were.</param>
/// <param name="ReadyToRun">Host and app are published first, compiled ahead of time.</param>
internal sealed record BenchOptions(DurableEngine Engine, bool InProcess, bool RequestsOnly, bool Calls, bool ReadyToRun)
{
    public const string Help = "--engine sqlite|azure, --in-process, --requests, --calls, --ready-to-run";

    /// <summary>Takes the options out of the arguments; what is left are names.</summary>
    public static BenchOptions Take(List<string> args)
    {
        int engine = args.IndexOf("--engine");
        string name = engine >= 0 && engine + 1 < args.Count ? args[engine + 1] : "sqlite";
        if (engine >= 0)
        {
            args.RemoveRange(engine, Math.Min(2, args.Count - engine));
        }

        return new BenchOptions(
            name switch
            {
                "sqlite" => DurableEngine.Sqlite,
                "azure" => DurableEngine.AzureStorage,
                _ => throw new ArgumentException($"'{name}' is no engine: give sqlite or azure."),
            },
            args.Remove("--in-process"),
            args.Remove("--requests"),
            args.Remove("--calls"),
            args.Remove("--ready-to-run"));
    }
}
