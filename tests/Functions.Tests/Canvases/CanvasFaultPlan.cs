namespace Chard.Functions.Tests.Canvases;

/// <summary>What a run of a canvas is to survive, as a seed says.</summary>
/// <param name="Crashes">Crashes of the engine, one after another; the commits of each are counted from the start of the host before
/// it.</param>
/// <param name="Deliveries">Activities whose next results are lost or come twice; as often again after each crash.</param>
internal sealed record CanvasFaultPlan(IReadOnlyList<CanvasFaultPlan.Crash> Crashes, IReadOnlyList<CanvasFaultPlan.Delivery> Deliveries)
{
    private const int MostCrashes = 4;
    private const int LatestCommit = 14;
    private const int MostDeliveries = 3;

    private static readonly string[] Activities =
    [
        "Echo", "Square", "Sum", "Fail", "Charge", "Grow", "RunPack", "PatchResults", "AssembleResults", "ResolveReferences", "SplitItems",
        "ReadCanvas",
        "WriteDeadLetter", "BeginWorkflow", "UpdateWorkflowStatus",
    ];

    public static CanvasFaultPlan Of(int seed, bool crashes, bool deliveries)
    {
        var random = new Random(seed);
        return new(
            crashes ? [.. Enumerable.Range(0, 1 + random.Next(MostCrashes))
                .Select(_ => new Crash(1 + random.Next(LatestCommit), random.Next(2) == 0))] : [],
            deliveries ? [.. Activities.Select(a => new Delivery(a, random.Next(2) == 0, random.Next(MostDeliveries + 1)))] : []);
    }

    public override string ToString()
    {
        IEnumerable<string> results = Deliveries.Where(d => d.Times > 0)
            .Select(d => $"{d.Activity} {(d.Lost ? "lost" : "twice")} {d.Times}x");
        return $"crashes [{string.Join(", ", Crashes.Select(c => $"{(c.After ? "after" : "before")} commit {c.Commits}"))}], "
            + $"results [{string.Join(", ", results)}]";
    }

    internal sealed record Crash(int Commits, bool After);

    internal sealed record Delivery(string Activity, bool Lost, int Times);
}
