using System.Reflection;
using Chard.EndToEnd.Tests.Architecture.Seeded;

namespace Chard.EndToEnd.Tests.Architecture;

/// <summary>Domain decides, Chard does it durably, Functions is the app; and no folder knows what stands on it.</summary>
public sealed class ArchitectureTests
{
    [Theory]
    [InlineData("Chard.Domain")]
    [InlineData("Chard", "Chard.Domain")]
    [InlineData("Chard.Functions", "Chard", "Chard.Domain")]
    [InlineData("Chard.DurableTask.Sqlite")]
    [InlineData("Chard.Tool")]
    [InlineData("Chard.LocalHost", "Chard.DurableTask.Sqlite", "Chard.LocalHost.StartupHook")]
    public void Project_KnowsOnly(string assembly, params string[] others) =>
        Assert.Equal(others, FolderOrder.References(Assembly.Load(assembly)));

    [Fact]
    public void Chard_FoldersKnowOnlyThoseBeforeThem() =>
        Assert.Empty(FolderOrder.Offences(
            Assembly.Load("Chard"),
            "Chard",
            "Platform", "Limits", "Status", "Running", "Starts", "DeadLetters", "Control", "Calls", "Canvases", "Schedules",
            "Dashboard"));

    [Fact]
    public void Domain_FoldersKnowOnlyThoseBeforeThem() =>
        Assert.Empty(FolderOrder.Offences(
            Assembly.Load("Chard.Domain"),
            "Chard.Domain",
            "Json", "Identity", "Failures", "Payloads", "Limits", "Tasks", "Retries", "Ledger", "Workflows", "DeadLetters", "Canvases",
            "Routes", "Schedules"));

    [Fact]
    public void Tool_FoldersKnowOnlyThoseBeforeThem() =>
        Assert.Empty(FolderOrder.Offences(Assembly.Load("Chard.Tool"), "Chard.Tool", "Api", "Output", "Commands"));

    /// <summary>Two folders below that know each other: were this not told, the rule above would hold nothing.</summary>
    [Fact]
    public void SeededCircle_IsTold()
    {
        IReadOnlyList<string> offences = FolderOrder.Offences(
            typeof(ArchitectureTests).Assembly, typeof(Circle).Namespace!, "First", "Second");

        Assert.Equal(["First knows Second: Chicken names Egg"], offences);
    }
}
