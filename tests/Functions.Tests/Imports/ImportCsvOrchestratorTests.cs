using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Rules;
using Chard.Status;
using Microsoft.DurableTask;
using Moq;

namespace Chard.Functions.Tests.Imports;

/// <summary>What an import calls, in which order, and what becomes of what it is answered. The mock is strict.</summary>
public sealed class ImportCsvOrchestratorTests
{
    private static readonly ImportCsvArgs File = new() { Source = "chard-imports/w1/source", Table = "people", MaxErrors = 7 };
    private static readonly PayloadReference Plan = new("w1/import/1/plan.json", "00", 10);
    private static readonly WorkflowInput<ImportCsvInput> Input = new("w1", new(File, ChunksInFlight: 3));

    private readonly Mock<TaskOrchestrationContext> _context = new(MockBehavior.Strict);
    private readonly List<string> _steps = [];
    private readonly List<TaskCall> _calls = [];
    private readonly List<WorkflowUpdate> _updates = [];
    private readonly Dictionary<string, Func<TaskCall, object?>> _answers = new()
    {
        ["InspectCsv"] = _ => "inspected",
        ["SplitCsv"] = _ => "split",
        ["SummarizeImport"] = _ => new { table = "people" },
        ["DeleteImportParts"] = _ => true,
    };

    public ImportCsvOrchestratorTests()
    {
        _context.Setup(c => c.InstanceId).Returns("w1");
        _context.Setup(c => c.Name).Returns(new TaskName("ImportCsv"));
        _context.Setup(c => c.CurrentUtcDateTime).Returns(new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _context.Setup(c => c.GetInput<WorkflowHeader>()).Returns(new WorkflowHeader("w1"));
        _context.Setup(c => c.CallActivityAsync<WorkflowBeginning>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .ReturnsAsync(new WorkflowBeginning(Proceed: true));
        _context.Setup(c => c.CallActivityAsync<TaskOutcome>(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName task, object? input, TaskOptions? _) => Run(task.Name, (TaskCall)input!));
        _context.Setup(c => c.CallActivityAsync(
                It.Is<TaskName>(n => n.Name == nameof(UpdateWorkflowStatus)), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Callback((TaskName _, object? update, TaskOptions? _) => _updates.Add((WorkflowUpdate)update!)).Returns(Task.CompletedTask);
        _context.Setup(c => c.CallActivityAsync(
                It.Is<TaskName>(n => n.Name == nameof(WriteDeadLetter)), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Callback((TaskName _, object? letter, TaskOptions? _) => _steps.Add("letter of " + ((DeadLetter)letter!).Task))
            .Returns(Task.CompletedTask);
    }

    [Fact]
    public async Task ImportCsv_GoodFile_HandsEachStepWhatTheOneBeforeGaveAndSumsUp()
    {
        Script(chunks: 2, rejected: 1, call => new ChunkCounts(4, Chunk(call)));

        await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.Equal(
            ["InspectCsv", "SplitCsv", "PrepareImportTable", "ImportChunk", "ImportChunk", "SummarizeImport", "DeleteImportParts"], _steps);
        Assert.Equal(File, Args<ImportCsvArgs>("InspectCsv"));
        Assert.Equal(("inspected", "split"), (Args<string>("SplitCsv"), Args<string>("PrepareImportTable")));
        Assert.Equal(new SummarizeImportArgs(Plan, 2, 8, 2, 0), Args<SummarizeImportArgs>("SummarizeImport"));
        Assert.Equal(new WorkflowProgress(2, 2, 0), _updates.Select(u => u.Progress).OfType<WorkflowProgress>().Last());
        Assert.Equal(
            (WorkflowStatus.Completed, "people"),
            (_updates[^1].Status, _updates[^1].Result!.Value.GetProperty("table").GetString()));
    }

    [Fact]
    public async Task ImportCsv_HeaderOnly_CompletesWithoutChunks()
    {
        Script(chunks: 0, rejected: 0, _ => throw new InvalidOperationException("There is no chunk."));

        await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.Equal(new SummarizeImportArgs(Plan, 0, 0, 0, 0), Args<SummarizeImportArgs>("SummarizeImport"));
        Assert.Equal(WorkflowStatus.Completed, _updates[^1].Status);
    }

    [Fact]
    public async Task ImportCsv_SkippedChunk_IsCountedApart()
    {
        Script(chunks: 3, rejected: 0, call => Chunk(call) == 1 ? null : new ChunkCounts(4, 0));

        await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.Equal(new SummarizeImportArgs(Plan, 3, 8, 0, 1), Args<SummarizeImportArgs>("SummarizeImport"));
    }

    [Fact]
    public async Task ImportCsv_ChunkFails_BeginsNoFurtherOneAndFailsWithItsCode()
    {
        Script(chunks: 9, rejected: 0, _ => throw Permanent("table-mismatch", "The table is another."));

        await Assert.ThrowsAsync<TaskExhaustedException>(() => ImportCsvOrchestrator.ImportCsv(_context.Object, Input));

        Assert.Equal(new WorkflowError("table-mismatch", "The table is another.", "ImportChunk"), _updates[^1].Error);
        Assert.InRange(_steps.Count(s => s == "ImportChunk"), 1, 3);
        Assert.DoesNotContain("SummarizeImport", _steps);
        Assert.DoesNotContain("DeleteImportParts", _steps);
    }

    [Fact]
    public async Task ImportCsv_EveryRowRejected_FailsWithTheFirstReasonAndTidiesUp()
    {
        Script(chunks: 1, rejected: 0, _ => new ChunkCounts(0, 1));
        _answers["SummarizeImport"] = _ => throw Permanent("every-row-rejected", "The only row was rejected. Line 2: why.");

        await Assert.ThrowsAsync<TaskExhaustedException>(() => ImportCsvOrchestrator.ImportCsv(_context.Object, Input));

        Assert.Equal(
            new WorkflowError("every-row-rejected", "The only row was rejected. Line 2: why.", "SummarizeImport"),
            _updates[^1].Error);
        Assert.Equal(["SummarizeImport", "letter of SummarizeImport", "DeleteImportParts"], _steps[^3..]);
    }

    [Fact]
    public async Task ImportCsv_ResultOfManyColumns_IsPassedOnByReference()
    {
        var large = new PayloadReference("w1/results/6", "00", 100_000);
        Script(chunks: 0, rejected: 0, _ => null);
        _answers["SummarizeImport"] = _ => TaskValue.Of(large);

        await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.Equal(large, _updates[^1].ResultReference);
    }

    private static TaskFailedException Permanent(string code, string message) =>
        new("task", 7, new TaskFailureDetails(typeof(PermanentTaskException).FullName!, $"{code}: {message}", null, null, null));

    private static int Chunk(TaskCall call) => call.Args.ToElement().Deserialize<ImportChunkArgs>(TaskJson.Options)!.Chunk;

    private T Args<T>(string task) =>
        _calls.Single(c => c.Task == task).Args.ToElement().Deserialize<T>(TaskJson.Options)!;

    private void Script(int chunks, long rejected, Func<TaskCall, object?> importChunk)
    {
        _answers["PrepareImportTable"] = _ => new PreparedImport(Plan, chunks, rejected);
        _answers["ImportChunk"] = importChunk;
    }

    private async Task<TaskOutcome> Run(string task, TaskCall call)
    {
        _steps.Add(task);
        _calls.Add(call);
        await Task.CompletedTask;
        object? answer = _answers[task](call);
        return TaskOutcome.Succeeded(answer as TaskValue ?? TaskValue.Of(TaskJson.ToElement(answer)));
    }
}
