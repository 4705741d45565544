using Chard.Domain.Tasks;
using Chard.Functions.Imports.Tasks;
using Chard.Functions.Newsletters;
using Chard.Functions.Outgoing;
using Chard.Functions.Payments;
using Chard.Functions.Reports;
using Chard.Functions.TryOut;
using Chard.Functions.Webhooks;
using Chard.Running;
using Microsoft.Azure.Functions.Worker;

namespace Chard.Functions;

/// <summary>The activity functions of the tasks, one line each. A missing or a superfluous line is an error at start.</summary>
public sealed class TaskFunctions(TaskRunner runner)
{
    [Function("ChargeCard")]
    public Task<TaskOutcome> ChargeCard([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<ChargeCard>(call, context.CancellationToken);

    [Function("CombineReport")]
    public Task<TaskOutcome> CombineReport([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<CombineReport>(call, context.CancellationToken);

    [Function("DeleteImportParts")]
    public Task<TaskOutcome> DeleteImportParts([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<DeleteImportParts>(call, context.CancellationToken);

    [Function("DownloadFile")]
    public Task<TaskOutcome> DownloadFile([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<DownloadFile>(call, context.CancellationToken);

    [Function("Echo")]
    public Task<TaskOutcome> Echo([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Echo>(call, context.CancellationToken);

    [Function("Fail")]
    public Task<TaskOutcome> Fail([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Fail>(call, context.CancellationToken);

    [Function("Flaky")]
    public Task<TaskOutcome> Flaky([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Flaky>(call, context.CancellationToken);

    [Function("GenerateSection")]
    public Task<TaskOutcome> GenerateSection([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<GenerateSection>(call, context.CancellationToken);

    [Function("ImportChunk")]
    public Task<TaskOutcome> ImportChunk([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<ImportChunk>(call, context.CancellationToken);

    [Function("InspectCsv")]
    public Task<TaskOutcome> InspectCsv([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<InspectCsv>(call, context.CancellationToken);

    [Function("PlanReport")]
    public Task<TaskOutcome> PlanReport([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<PlanReport>(call, context.CancellationToken);

    [Function("PostWebhook")]
    public Task<TaskOutcome> PostWebhook([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<PostWebhook>(call, context.CancellationToken);

    [Function("PrepareImportTable")]
    public Task<TaskOutcome> PrepareImportTable([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<PrepareImportTable>(call, context.CancellationToken);

    [Function("PrepareNewsletter")]
    public Task<TaskOutcome> PrepareNewsletter([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<PrepareNewsletter>(call, context.CancellationToken);

    [Function("ReadRecipients")]
    public Task<TaskOutcome> ReadRecipients([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<ReadRecipients>(call, context.CancellationToken);

    [Function("SendMessage")]
    public Task<TaskOutcome> SendMessage([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<SendMessage>(call, context.CancellationToken);

    [Function("Sleep")]
    public Task<TaskOutcome> Sleep([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Sleep>(call, context.CancellationToken);

    [Function("SplitCsv")]
    public Task<TaskOutcome> SplitCsv([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<SplitCsv>(call, context.CancellationToken);

    [Function("Square")]
    public Task<TaskOutcome> Square([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Square>(call, context.CancellationToken);

    [Function("Sum")]
    public Task<TaskOutcome> Sum([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<Sum>(call, context.CancellationToken);

    [Function("SummarizeImport")]
    public Task<TaskOutcome> SummarizeImport([ActivityTrigger] TaskCall call, FunctionContext context) =>
        runner.RunAsync<SummarizeImport>(call, context.CancellationToken);
}
