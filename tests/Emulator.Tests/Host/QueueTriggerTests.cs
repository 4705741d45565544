using System.Collections.Concurrent;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.Emulator.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chard.Emulator.Tests.Host;

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
            host.Services.GetRequiredService<Inbox>().All.Select(text => text.Replace("20", "21", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Message_ThatFailsFiveTimes_GoesToThePoisonQueueAsItWas()
    {
        await using var host = await StartAsync("poison");

        await SendAsync(host, "poison-fail", "bad");

        var poison = Queue(host, "poison-fail-poison");
        QueueMessage? found = null;
        await Eventually.TrueAsync(async () => await poison.ExistsAsync() && (found = (await poison.ReceiveMessageAsync()).Value) is not null, "the poison message");
        Assert.Equal("bad", found!.Body.ToString());
        Assert.Equal(["1", "2", "3", "4", "5"], host.Services.GetRequiredService<Inbox>().All);
        Assert.Equal(0, (await Queue(host, "poison-fail").GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task Message_ThatIsNotBase64_GoesToThePoisonQueueWithoutRunning()
    {
        await using var host = await StartAsync("plain");

        await Queue(host, "plain-fail", QueueMessageEncoding.None).SendMessageAsync("{not base64}");

        var poison = Queue(host, "plain-fail-poison", QueueMessageEncoding.None);
        QueueMessage? found = null;
        await Eventually.TrueAsync(async () => await poison.ExistsAsync() && (found = (await poison.ReceiveMessageAsync()).Value) is not null, "the poison message");
        Assert.Equal("{not base64}", found!.Body.ToString());
        Assert.Empty(host.Services.GetRequiredService<Inbox>().All);
    }

    [Fact]
    public async Task Encoding_None_TakesTextAsItIs()
    {
        await using var host = await StartAsync("none", o => o.HostJson["extensions:queues:messageEncoding"] = "none");

        await Queue(host, "none-text", QueueMessageEncoding.None).SendMessageAsync("plain words");

        await ReceivedAsync(host, 1);
        Assert.Equal("text plain words", host.Services.GetRequiredService<Inbox>().All.Single());
    }

    [Fact]
    public async Task Output_OfAFunction_IsSentAndServed()
    {
        await using var host = await StartAsync("out");

        Assert.Equal("sent", await host.Http.GetStringAsync("/api/Send"));

        await ReceivedAsync(host, 2);
        Assert.Equal(["poco x 1 dequeued 1", "poco y 2 dequeued 1"], host.Services.GetRequiredService<Inbox>().All.Order());
    }

    [Fact]
    public async Task Stop_WhileMessagesRun_WaitsForThemAndTakesNoMore()
    {
        await using var host = await StartAsync("drain", o =>
        {
            o.HostJson["extensions:queues:batchSize"] = "1";
            o.HostJson["extensions:queues:newBatchThreshold"] = "0";
        });
        var inbox = host.Services.GetRequiredService<Inbox>();
        await SendAsync(host, "drain-slow", "first");
        await SendAsync(host, "drain-slow", "second");
        await Eventually.TrueAsync(() => inbox.All.Contains("began first"), "the first message");

        var stop = host.StopAsync();
        inbox.Gate.SetResult();
        await stop;

        Assert.Equal(["began first", "ended first"], inbox.All);
    }

    [Fact]
    public async Task Stop_WithAFunctionThatNeverEnds_EndsAllTheSame()
    {
        await using var host = await StartAsync("stuck", o => o.ConfigureServices(services =>
            services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(100))));
        var inbox = host.Services.GetRequiredService<Inbox>();
        await SendAsync(host, "stuck-slow", "only");
        await Eventually.TrueAsync(() => inbox.All.Contains("began only"), "the message");

        await host.StopAsync();

        Assert.Equal(["began only"], inbox.All);
    }

    [Fact]
    public async Task Queue_DeletedWhileTheHostRuns_IsMadeAgain()
    {
        await using var host = await StartAsync("gone");
        await Queue(host, "gone-text").DeleteAsync();

        await Eventually.TrueAsync(async () => await Queue(host, "gone-text").ExistsAsync(), "the queue");
        await SendAsync(host, "gone-text", "again");

        await ReceivedAsync(host, 1);
    }

    private static async Task<FunctionsTestHost> StartAsync(string prefix, Action<FunctionsTestHostOptions>? configure = null) => await HostApp.StartAsync(
        [typeof(Consumers)],
        o =>
        {
            o.Settings["PREFIX"] = prefix;
            configure?.Invoke(o);
        },
        b => b.Services.AddSingleton<Inbox>(),
        storage: true);

    private static QueueClient Queue(FunctionsTestHost host, string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(host.StorageConnectionString, name, new QueueClientOptions { MessageEncoding = encoding });

    private static async Task SendAsync(FunctionsTestHost host, string queue, string text) => await Queue(host, queue).SendMessageAsync(text);

    private static async Task ReceivedAsync(FunctionsTestHost host, int count) =>
        await Eventually.TrueAsync(() => host.Services.GetRequiredService<Inbox>().All.Count >= count, $"{count} messages");

    public sealed record Order(string Id, int Count);

    public sealed class Inbox
    {
        public ConcurrentQueue<string> All { get; } = new();

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class SentOrders
    {
        [QueueOutput("%PREFIX%-poco")]
        public IReadOnlyList<Order> Orders { get; init; } = [];

        [HttpResult]
        public IResult Answer { get; init; } = TypedResults.Text("sent");
    }

    public sealed class Consumers(Inbox inbox)
    {
        [Function("Text")]
        public void Text([QueueTrigger("%PREFIX%-text")] string text) => inbox.All.Enqueue($"text {text}");

        [Function("Bytes")]
        public void Bytes([QueueTrigger("%PREFIX%-bytes")] byte[] bytes) => inbox.All.Enqueue($"bytes {bytes.Length}");

        [Function("Data")]
        public void Data([QueueTrigger("%PREFIX%-data")] BinaryData data) => inbox.All.Enqueue($"data {data.ToMemory().Length}");

        [Function("Message")]
        public void Message([QueueTrigger("%PREFIX%-message")] QueueMessage message) => inbox.All.Enqueue($"message {message.Body.ToMemory().Length}");

        [Function("Poco")]
        public void Poco([QueueTrigger("%PREFIX%-poco")] Order order, long dequeueCount) =>
            inbox.All.Enqueue($"poco {order.Id} {order.Count} dequeued {dequeueCount}");

        [Function("Fail")]
        public void Fail([QueueTrigger("%PREFIX%-fail")] string text, int dequeueCount)
        {
            inbox.All.Enqueue($"{dequeueCount}");
            throw new InvalidOperationException(text);
        }

        [Function("Slow")]
        public async Task Slow([QueueTrigger("%PREFIX%-slow")] string text)
        {
            inbox.All.Enqueue($"began {text}");
            await inbox.Gate.Task;
            inbox.All.Enqueue($"ended {text}");
        }

        [Function("Send")]
        public static SentOrders Send([HttpTrigger("get")] HttpRequest request) => new() { Orders = [new Order("x", 1), new Order("y", 2)] };
    }
}
