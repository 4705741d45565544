using System.Text.Json;
using Azure.Storage.Queues.Models;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Functions.Tests.InMemory;
using Chard.Functions.Tests.Support;
using Chard.Platform;
using Chard.Starts;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Workflows;

public sealed class WorkflowStartsQueueTests
{
    private readonly FakeTimeProvider _time = new(TestTime.Begin);
    private readonly InMemoryDeadLetterStore _letters;
    private readonly InMemoryPayloadStore _payloads = new();
    private readonly Mock<IWorkflowStarter> _starter = new();
    private readonly WorkflowStartsQueue _queue;

    public WorkflowStartsQueueTests()
    {
        _letters = new(_time);
        _queue = new(_starter.Object, new MessageDeadLetters(_letters, _payloads, TestMetrics.News(), _time));
    }

    [Fact]
    public void MaxTries_IsWhatTheHostDoes()
    {
        JsonElement host = JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        Assert.Equal(
            StorageNames.MaxDequeueCount,
            host.GetProperty("extensions").GetProperty("queues").GetProperty("maxDequeueCount").GetInt32());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Run_PassingTrouble_IsThrownSoThatTheMessageComesAgain(int tries)
    {
        Fails(new TimeoutException("storage is away"));
        await Assert.ThrowsAsync<TimeoutException>(() => RunAsync("""{"workflow":"A"}""", tries));
        Assert.Null(await LetterAsync());
    }

    [Fact]
    public async Task Run_LastTryFails_IsADeadLetterWithTheReason()
    {
        Fails(new TimeoutException("storage is away"));
        await RunAsync("""{"workflow":"A"}""", tries: 5);

        DeadLetter letter = (await LetterAsync())!;
        Assert.Equal(("poison-message", 5, DeadLetterOrigin.StartMessage), (letter.Class, letter.Attempts, letter.Origin));
        Assert.Contains("storage is away", letter.Message, StringComparison.Ordinal);
        Assert.Equal("""{"workflow":"A"}""", letter.Args?.GetRawText());
    }

    [Fact]
    public async Task Run_Conflict_IsADeadLetterAtOnce()
    {
        Fails(new StartConflictException("x", byKey: false));
        await RunAsync("""{"workflow":"A","id":"x"}""", tries: 1);
        Assert.Equal("id-taken", (await LetterAsync())?.Class);
    }

    [Fact]
    public async Task Run_LargeBadMessage_IsKeptAsAPayload()
    {
        string text = new('x', 40_000);
        await RunAsync(text, tries: 1);

        DeadLetter letter = (await LetterAsync())!;
        Assert.Null(letter.Args);
        await using Stream stream = await _payloads.OpenReadAsync(letter.ArgsReference!, CancellationToken.None);
        Assert.Equal(text, await JsonSerializer.DeserializeAsync<string>(stream));
    }

    [Fact]
    public async Task RunPoisoned_TwiceDelivered_IsOneDeadLetter()
    {
        QueueMessage message = Message("not json", 1);
        await _queue.RunPoisonedAsync(message, CancellationToken.None);
        await _queue.RunPoisonedAsync(message, CancellationToken.None);

        Assert.Single((await _letters.ListAsync(new(), 10, null, CancellationToken.None)).DeadLetters);
    }

    private static QueueMessage Message(string body, int tries) =>
        QueuesModelFactory.QueueMessage("message-1", "receipt", BinaryData.FromString(body), tries);

    private void Fails(Exception exception) => _starter
        .Setup(s => s.StartAsync(It.IsAny<StartRequest>(), It.IsAny<DurableTaskClient>(), It.IsAny<CancellationToken>()))
        .ThrowsAsync(exception);

    private Task RunAsync(string body, int tries) =>
        _queue.RunAsync(Message(body, tries), new Mock<DurableTaskClient>("test").Object, CancellationToken.None);

    private Task<DeadLetter?> LetterAsync() => _letters.GetAsync(DeadLetterId.OfMessage("message-1"), CancellationToken.None);
}
