using Chard.Domain.Payloads;
using Chard.Domain.Tasks;

namespace Chard.Domain.Tests;

/// <summary>Contexts for running a task by itself.</summary>
internal static class TestContexts
{
    public static TaskContext Of(string idempotencyKey, IPayloadStore? payloads = null, TimeProvider? time = null) => new()
    {
        WorkflowId = "wf",
        Path = "0~1.2",
        Task = "Task",
        Attempt = 1,
        IdempotencyKey = idempotencyKey,
        Payloads = payloads ?? new MemoryPayloads(),
        Time = time ?? TimeProvider.System,
        ReportProgress = _ => { },
    };
}
