using System.Collections.Concurrent;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.LocalHost.Tests.App;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.LocalHost.Tests.Queues;

public sealed class QueueTriggerTests
{
    [Fact]
    public async Task Message_OfEachParameterType_ReachesItsFunction()
    {
        await using var host = await StartAsync("kinds");

        foreach (var kind in (string[])["text", "bytes", "data", "message", "poco"])
        {
            await SendAsync(host, $"kinds-{kind}", """{"ID":"a","count":3}""");
        }

        await ReceivedAsync(host, 5);
        Assert.Equal(
            ["bytes 21", "data 21", "message 21", "poco a 3 dequeued 1", """text {"ID":"a","count":3}"""],
            host.Get<Inbox>().All.Select(text => text.Replace("20", "21", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Message_ThatFailsFiveTimes_GoesToThePoisonQueueAsItWas()
    {
        await using var host = await StartAsync("poison");

        await SendAsync(host, "poison-fail", "bad");

        var poison = Queue(host, "poison-fail-poison");
        QueueMessage? found = null;
        await Eventually.TrueAsync(
            "the poison message",
            async () => await poison.ExistsAsync() && (found = (await poison.ReceiveMessageAsync()).Value) is not null);
        Assert.Equal("bad", found!.Body.ToString());
        Assert.Equal(["1", "2", "3", "4", "5"], host.Get<Inbox>().All);
        Assert.Equal(0, (await Queue(host, "poison-fail").GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Message_ThatIsNotBase64_GoesToThePoisonQueueWithoutRunning()
    {
        await using var host = await StartAsync("plain");

        await SendAsync(Queue(host, "plain-fail", QueueMessageEncoding.None), "{not base64}");

        var poison = Queue(host, "plain-fail-poison", QueueMessageEncoding.None);
        QueueMessage? found = null;
        await Eventually.TrueAsync(
            "the poison message",
            async () => await poison.ExistsAsync() && (found = (await poison.ReceiveMessageAsync()).Value) is not null);
        Assert.Equal("{not base64}", found!.Body.ToString());
        Assert.Empty(host.Get<Inbox>().All);
    }

    [Fact]
    public async Task Encoding_None_TakesTextAsItIs()
    {
        await using var host = await StartAsync("none", o => o.Json("extensions:queues:messageEncoding", "none"));

        await SendAsync(Queue(host, "none-text", QueueMessageEncoding.None), "plain words");

        await ReceivedAsync(host, 1);
        Assert.Equal("text plain words", host.Get<Inbox>().All.Single());
    }

    [Fact]
    public async Task Output_OfAFunction_IsSentAndServed()
    {
        await using var host = await StartAsync("out");

        Assert.Equal("sent", await host.Http.GetStringAsync("/api/Send"));

        await ReceivedAsync(host, 2);
        Assert.Equal(["poco x 1 dequeued 1", "poco y 2 dequeued 1"], host.Get<Inbox>().All.Order());
    }

    [Fact]
    public async Task Stop_WhileMessagesRun_WaitsForThemAndTakesNoMore()
    {
        await using var host = await StartAsync(
            "drain", o => o.Json("extensions:queues:batchSize", "1").Json("extensions:queues:newBatchThreshold", "0"));
        var inbox = host.Get<Inbox>();
        await SendAsync(host, "drain-slow", "first");
        await SendAsync(host, "drain-slow", "second");
        await Eventually.TrueAsync("the first message", () => inbox.All.Contains("began first"));

        var stop = host.Host.StopAsync();
        inbox.Gate.SetResult();
        await stop;

        Assert.Equal(["began first", "ended first"], inbox.All);
    }

    [Fact]
    public async Task Stop_WithAFunctionThatNeverEnds_SaysWhatItWaitsForAndEndsWhenAsked()
    {
        await using var host = await StartAsync("stuck");
        var inbox = host.Get<Inbox>();
        await SendAsync(host, "stuck-slow", "only");
        await Eventually.TrueAsync("the message", () => inbox.All.Contains("began only"));
        using var now = new CancellationTokenSource();
        var waitsFor = new ConcurrentQueue<string>();

        var stop = host.Host.StopAsync(
            running => waitsFor.Enqueue(string.Join(", ", running.Select(pair => $"{pair.Key} {pair.Value}"))), now.Token);
        await Eventually.TrueAsync("the word", () => waitsFor.Contains("Slow 1"));
        await now.CancelAsync();
        await stop;

        Assert.Equal(["began only"], inbox.All);
    }

    private static async Task<TestedHost> StartAsync(string prefix, Func<FunctionsHostOptions, FunctionsHostOptions>? configure = null) =>
        await HostApp.StartAsync(
            [typeof(Consumers)],
            o => (configure ?? (same => same))(o.Setting("PREFIX", prefix)),
            b => b.Services.AddSingleton<Inbox>(),
            storage: true);

    private static QueueClient Queue(TestedHost host, string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(host.Storage, name, new QueueClientOptions { MessageEncoding = encoding });

    private static Task SendAsync(TestedHost host, string queue, string text) => SendAsync(Queue(host, queue), text);

    /// <summary>The host makes no queues for triggers: whoever sends does.</summary>
    private static async Task SendAsync(QueueClient queue, string text)
    {
        await queue.CreateIfNotExistsAsync();
        await queue.SendMessageAsync(text);
    }

    private static async Task ReceivedAsync(TestedHost host, int count) =>
        await Eventually.TrueAsync($"{count} messages", () => host.Get<Inbox>().All.Count >= count);
}
