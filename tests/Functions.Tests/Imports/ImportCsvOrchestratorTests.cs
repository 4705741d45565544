using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Chard.Domain.Workflows;
using Chard.Functions.Imports;
using Chard.Functions.Imports.Activities;
using Chard.Functions.Imports.Rules;
using Chard.Status;
using Microsoft.DurableTask;
using Moq;

namespace Chard.Functions.Tests.Imports;

public sealed class ImportCsvOrchestratorTests
{
    private static readonly ImportCsvInput Input = new(
        "w1", new ImportCsvArgs { Source = "chard-imports/w1/source", Table = "people", MaxErrors = 7 }, new TaskPolicy { Attempts = 4 },
        ChunksInFlight: 3);

    private readonly Mock<TaskOrchestrationContext> _context = new(MockBehavior.Strict);
    private readonly List<string> _steps = [];
    private readonly List<WorkflowUpdate> _updates = [];
    private readonly List<TaskOptions?> _options = [];
    private SummaryStep? _summary;

    [Fact]
    public async Task ImportCsv_GoodFile_RunsTheStepsInOrderAndSumsUp()
    {
        Script(new SplitFile(2, 10, 1), chunk => Task.FromResult(new ChunkCounts(4, chunk)));

        var result = await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.Equal(
            ["BeginWorkflow", "InspectCsv", "SplitCsv", "PrepareImportTable", "ImportChunk 0", "ImportChunk 1", "Running", "Running",
                "SummarizeImport", "DeleteImportParts", "Completed"],
            _steps);
        Assert.Equal(new SummaryStep("w1", 8, 2, 7), _summary);
        Assert.Equal("people", result!.Table);
        Assert.Equal("people", _updates[^1].Result!.Value.GetProperty("table").GetString());
        Assert.Equal("integer", _updates[^1].Result!.Value.GetProperty("columns")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task ImportCsv_HeaderOnly_CompletesWithoutChunks()
    {
        Script(new SplitFile(0, 0, 0), _ => throw new InvalidOperationException("There is no chunk."));

        await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.Equal(new SummaryStep("w1", 0, 0, 7), _summary);
        Assert.Equal(WorkflowStatus.Completed, _updates[^1].Status);
    }

    [Fact]
    public async Task ImportCsv_ManyChunks_KeepsTheWindowFullAndNeverFuller()
    {
        var pending = new Dictionary<int, TaskCompletionSource<ChunkCounts>>();
        var most = 0;
        Script(new SplitFile(10, 10, 0), chunk =>
        {
            pending[chunk] = new TaskCompletionSource<ChunkCounts>();
            most = Math.Max(most, pending.Values.Count(p => !p.Task.IsCompleted));
            return pending[chunk].Task;
        });

        var run = ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.Equal([0, 1, 2], pending.Keys.Order());

        // The window slides: one chunk that ends lets one start, whichever it is, and the slowest holds back none but itself.
        pending[1].SetResult(new ChunkCounts(1, 0));
        Assert.Equal([0, 1, 2, 3], pending.Keys.Order());
        for (var chunk = 2; chunk < 10; chunk++)
        {
            pending[chunk].SetResult(new ChunkCounts(1, 0));
        }

        Assert.False(run.IsCompleted);
        pending[0].SetResult(new ChunkCounts(1, 0));
        await run;
        Assert.Equal(3, most);
        Assert.Equal(10, _summary!.Imported);
    }

    [Fact]
    public async Task ImportCsv_HundredsOfChunks_ReportsProgressTwentyTimes()
    {
        Script(new SplitFile(250, 250, 0), _ => Task.FromResult(new ChunkCounts(1, 0)));

        await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        var progress = _updates.Select(u => u.Progress).OfType<WorkflowProgress>().ToList();
        Assert.Equal(20, progress.Count);
        Assert.Equal(progress.Select(p => p.Succeeded).Order(), progress.Select(p => p.Succeeded));
        Assert.Equal(new WorkflowProgress(250, 250, 0), progress[^1]);
    }

    [Fact]
    public async Task ImportCsv_ChunkFails_ReportsTheReasonAndFails()
    {
        Script(new SplitFile(1, 1, 0), _ => throw Failure(nameof(ImportChunk), "table-mismatch: The table is another."));

        await Assert.ThrowsAsync<TaskFailedException>(() => ImportCsvOrchestrator.ImportCsv(_context.Object, Input));

        Assert.Equal(WorkflowStatus.Failed, _updates[^1].Status);
        Assert.Equal(new WorkflowError("table-mismatch", "The table is another.", "ImportChunk"), _updates[^1].Error);
        Assert.DoesNotContain("SummarizeImport", _steps);
    }

    [Fact]
    public async Task ImportCsv_EveryRowRejected_FailsWithTheFirstReasonAndTidiesUp()
    {
        Script(new SplitFile(1, 1, 0), _ => Task.FromResult(new ChunkCounts(0, 1)));

        await Assert.ThrowsAsync<PermanentTaskException>(() => ImportCsvOrchestrator.ImportCsv(_context.Object, Input));

        Assert.Equal(WorkflowStatus.Failed, _updates[^1].Status);
        Assert.Equal(new WorkflowError("every-row-rejected", "The only row was rejected. Line 2: why."), _updates[^1].Error);
        Assert.Equal(["SummarizeImport", "DeleteImportParts"], _steps.Where(s => s is "SummarizeImport" or "DeleteImportParts"));
    }

    [Fact]
    public async Task ImportCsv_EveryStep_IsRetriedByThePolicyOfTheInput()
    {
        Script(new SplitFile(1, 1, 0), _ => Task.FromResult(new ChunkCounts(1, 0)));

        await ImportCsvOrchestrator.ImportCsv(_context.Object, Input);

        Assert.All(_options, options =>
        {
            var policy = options!.Retry!.Policy!;
            Assert.Equal(4, policy.MaxNumberOfAttempts);
            Assert.Equal(TimeSpan.FromSeconds(60), policy.FirstRetryInterval);
        });
    }

    private static TaskFailedException Failure(string task, string message) =>
        new(task, 7, new TaskFailureDetails("Chard.Domain.Failures.PermanentTaskException", message, null, null, null));

    private void Script(SplitFile split, Func<int, Task<ChunkCounts>> importChunk)
    {
        _context.Setup(c => c.InstanceId).Returns("w1");
        Returns<WorkflowBeginning>(nameof(BeginWorkflow), _ => Task.FromResult(new WorkflowBeginning(Proceed: true)));
        Returns<InspectedFile>(nameof(InspectCsv), _ => Task.FromResult(new InspectedFile(100, "utf-8", ',', 1)));
        Returns<SplitFile>(nameof(SplitCsv), _ => Task.FromResult(split));
        Returns<ChunkCounts>(nameof(ImportChunk), input => importChunk(((ChunkStep)input).Chunk), input => $" {((ChunkStep)input).Chunk}");
        Returns<ImportSummary>(nameof(SummarizeImport), input =>
        {
            _summary = (SummaryStep)input;
            return Task.FromResult(_summary.Imported == 0 && _summary.Rejected > 0
                ? new ImportSummary(null, new ImportFault("every-row-rejected", "The only row was rejected. Line 2: why."))
                : new ImportSummary(new ImportResult("people", [new ImportColumn("id", ColumnType.Integer)], 10, 8, 2, null, []), null));
        });
        _context.Setup(c => c.CallActivityAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName name, object? input, TaskOptions? options) =>
            {
                if (input is WorkflowUpdate update)
                {
                    Assert.Equal(nameof(UpdateWorkflowStatus), name.Name);
                    Assert.Equal("w1", update.Id);
                    _updates.Add(update);
                    _steps.Add(update.Status.ToString());
                }
                else
                {
                    _steps.Add(name.Name);
                    _options.Add(options);
                }

                return Task.CompletedTask;
            });
    }

    private void Returns<T>(string activity, Func<object, Task<T>> run, Func<object, string>? detail = null) =>
        _context.Setup(c => c.CallActivityAsync<T>(It.Is<TaskName>(n => n.Name == activity), It.IsAny<object?>(), It.IsAny<TaskOptions?>()))
            .Returns((TaskName name, object? input, TaskOptions? options) =>
            {
                _steps.Add(name.Name + detail?.Invoke(input!));
                if (activity != nameof(BeginWorkflow))
                {
                    _options.Add(options);
                }

                return run(input!);
            });
}
