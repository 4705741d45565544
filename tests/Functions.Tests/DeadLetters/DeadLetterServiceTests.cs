using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Json;
using Chard.Domain.Workflows;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Storage;
using Chard.Starts;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.DeadLetters;

public sealed class DeadLetterServiceTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly InMemoryDeadLetterStore _letters;
    private readonly InMemoryWorkflowStatusStore _workflows;
    private readonly Mock<DurableTaskClient> _client = new("test");
    private readonly Mock<IWorkflowStarter> _starter = new();
    private readonly Mock<QueueServiceClient> _queues = new();
    private readonly List<string> _sent = [];
    private readonly List<string> _queueNames = [];
    private readonly DeadLetterService _service;

    public DeadLetterServiceTests()
    {
        _letters = new(_time);
        _workflows = new(_time);
        var payloads = new InMemoryPayloadStore();
        var queue = new Mock<QueueClient>();
        queue.Setup(q => q.SendMessageAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Callback((string text, CancellationToken _) => _sent.Add(Encoding.UTF8.GetString(Convert.FromBase64String(text))))
            .ReturnsAsync(Mock.Of<Azure.Response<SendReceipt>>());
        _queues.Setup(q => q.GetQueueClient(It.IsAny<string>())).Callback((string name) => _queueNames.Add(name)).Returns(queue.Object);
        _service = new(
            _letters, _workflows, new StartChecks([new TaskKind()]),
            new DeadLetterDelivery(_letters, _starter.Object, payloads, _queues.Object, AzuriteStorage.Names), payloads, _time,
            NullLogger<DeadLetterService>.Instance);
    }

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Resolve_EventCannotBeSent_StandsAndIsSentLater()
    {
        DeadLetter letter = await AddAsync(WorkflowStatus.Parked);
        _client.Setup(c => c.RaiseEventAsync("w", "dead-letter:0:0", It.IsAny<object?>(), None)).ThrowsAsync(new TimeoutException());
        _client.Setup(c => c.GetInstanceAsync("w", None)).ReturnsAsync(new OrchestrationMetadata("W", "w"));

        DeadLetterOutcome? outcome = await _service.ResolveAsync(letter.Id, new(DeadLetterAction.Skip), _client.Object, None);
        Assert.Null(outcome?.Refusal);
        Assert.Equal([letter.Id], await _letters.GetUndeliveredAsync(10, None));

        _client.Reset();
        Assert.Equal(1, await _service.DeliverPendingAsync(10, _client.Object, None));
        _client.Verify(
            c => c.RaiseEventAsync("w", "dead-letter:0:0", It.Is<DeadLetterResolution>(r => r.Action == DeadLetterAction.Skip), None));
        Assert.Empty(await _letters.GetUndeliveredAsync(10, None));
    }

    [Fact]
    public async Task Resolve_InstanceIsOver_CountsAsDelivered()
    {
        DeadLetter letter = await AddAsync(WorkflowStatus.Parked);
        _client.Setup(c => c.RaiseEventAsync("w", It.IsAny<string>(), It.IsAny<object?>(), None))
            .ThrowsAsync(new InvalidOperationException("gone"));

        await _service.ResolveAsync(letter.Id, new(DeadLetterAction.Fail), _client.Object, None);
        Assert.Empty(await _letters.GetUndeliveredAsync(10, None));
    }

    [Theory]
    [InlineData(WorkflowStatus.Cancelled)]
    [InlineData(WorkflowStatus.Expired)]
    public async Task Resolve_WorkflowEndedByItsUser_OnlyDiscard(WorkflowStatus status)
    {
        DeadLetter letter = await AddAsync(status);
        foreach (DeadLetterAction action in (DeadLetterAction[])[DeadLetterAction.Retry, DeadLetterAction.Skip, DeadLetterAction.Fail])
        {
            Assert.NotNull((await _service.ResolveAsync(letter.Id, new(action), _client.Object, None))?.Refusal);
        }

        Assert.Equal(DeadLetterState.Open, (await _letters.GetAsync(letter.Id, None))?.State);
        Assert.Null((await _service.ResolveAsync(letter.Id, new(DeadLetterAction.Discard), _client.Object, None))?.Refusal);
        _client.Verify(c => c.RaiseEventAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<object?>(), None), Times.Never);
    }

    [Fact]
    public async Task Retry_WorkflowFailedMeanwhile_RunsTheTaskAloneOnce()
    {
        DeadLetter letter = await AddAsync(WorkflowStatus.Failed);
        Assert.NotNull((await _service.ResolveAsync(letter.Id, new(DeadLetterAction.Skip), _client.Object, None))?.Refusal);

        DeadLetterOutcome? outcome = await _service.ResolveAsync(
            letter.Id, new(DeadLetterAction.Retry, JsonElement.Parse("""{"value":2}""")), _client.Object, None);
        string id = DeadLetterId.WorkflowOf(letter.Id);
        Assert.Equal(id, outcome?.Letter.RetriedAs);
        _starter.Verify(
            s => s.StartAsync(
                It.Is<StartRequest>(
                    r => r.Id == id && r.Form.GetProperty("task").GetString() == "Echo"
                        && r.Form.GetProperty("args").GetProperty("value").GetInt32() == 2),
                _client.Object, None),
            Times.Once);
    }

    [Theory]
    [InlineData(WorkflowStatus.Failed)]
    [InlineData(WorkflowStatus.Parked)]
    public async Task Retry_ArgumentsDoNotFit_ThrowsAndChangesNothing(WorkflowStatus status)
    {
        DeadLetter letter = await AddAsync(status);
        await Assert.ThrowsAsync<InvalidStartException>(() => _service.ResolveAsync(
            letter.Id, new(DeadLetterAction.Retry, JsonElement.Parse("\"bad\"")), _client.Object, None));

        Assert.Equal(DeadLetterState.Open, (await _letters.GetAsync(letter.Id, None))?.State);
    }

    [Theory]
    [InlineData("""{"workflow":"A"}""", true)]
    [InlineData("""{"workflow":"A","id":"mine"}""", false)]
    public async Task Retry_Message_PutsItBackWithAnIdOfItsOwn(string body, bool named)
    {
        DeadLetter letter = new()
        {
            Id = DeadLetterId.OfMessage("7"), Origin = DeadLetterOrigin.StartMessage, Class = "poison-message", Message = "m",
            Args = JsonElement.Parse(body), CreatedAt = _time.GetUtcNow(),
        };
        await _letters.AddAsync(letter, None);
        await _service.ResolveAsync(letter.Id, new(DeadLetterAction.Retry), _client.Object, None);

        JsonElement sent = JsonElement.Parse(Assert.Single(_sent));
        Assert.Equal(named ? DeadLetterId.WorkflowOf(letter.Id) : "mine", sent.GetProperty("id").GetString());
        Assert.Equal("A", sent.GetProperty("workflow").GetString());
        Assert.Equal(["chard-workflow-starts"], _queueNames);
    }

    [Fact]
    public async Task Retry_MessageThatIsNoJson_GoesBackAsItCame()
    {
        DeadLetter letter = new()
        {
            Id = DeadLetterId.OfMessage("8"), Origin = DeadLetterOrigin.StartMessage, Class = "invalid-start", Message = "m",
            Args = JsonElement.Parse("\"not { json\""), CreatedAt = _time.GetUtcNow(),
        };
        await _letters.AddAsync(letter, None);
        await _service.ResolveAsync(letter.Id, new(DeadLetterAction.Retry), _client.Object, None);

        Assert.Equal("not { json", Assert.Single(_sent));
    }

    [Fact]
    public async Task Retry_MessageOfASlowTask_GoesBackToItsQueueWithNothingAdded()
    {
        DeadLetter letter = new()
        {
            Id = DeadLetterId.OfMessage("9"), Origin = DeadLetterOrigin.TaskMessage, Class = "invalid-message", Message = "m",
            Args = JsonElement.Parse("""{"call":1}"""), CreatedAt = _time.GetUtcNow(),
        };
        await _letters.AddAsync(letter, None);
        await _service.ResolveAsync(letter.Id, new(DeadLetterAction.Retry), _client.Object, None);

        Assert.Equal("""{"call":1}""", Assert.Single(_sent));
        Assert.Equal(["chard-tasks-slow"], _queueNames);
    }

    private async Task<DeadLetter> AddAsync(WorkflowStatus status)
    {
        await _workflows.TryAddAsync(
            new() { Id = "w", Workflow = "W", Status = status, CreatedAt = _time.GetUtcNow(), UpdatedAt = _time.GetUtcNow() },
            new("h", "W", _time.GetUtcNow()),
            None);
        var letter = new DeadLetter
        {
            Id = DeadLetterId.OfTask("w", "0", 0), WorkflowId = "w", InstanceId = "w", Task = "Echo", Path = "0", Class = "c",
            Message = "m",
            Args = JsonElement.Parse("""{"value":1}"""), Parked = true, CreatedAt = _time.GetUtcNow(),
        };
        await _letters.AddAsync(letter, None);
        return letter;
    }

    /// <summary>Tasks take objects.</summary>
    private sealed class TaskKind : IStartKind
    {
        public string Member => "task";

        public IReadOnlyList<string> Options { get; } = ["args", "idempotencyKey"];

        public StartPlan? Plan(JsonElement form, IReadOnlyList<string> stamps, ICollection<JsonFault> faults)
        {
            if (form.GetProperty("args").ValueKind != JsonValueKind.Object)
            {
                faults.Add(new("/args", "Arguments are an object."));
            }

            return new("Echo", "RunTask", (_, _) => ValueTask.FromResult<object>(1));
        }
    }
}
