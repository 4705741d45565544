using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Chard.LocalHost.Tests.App;

public sealed class Consumers(Inbox inbox)
{
    [Function("Text")]
    public void Text([QueueTrigger("%PREFIX%-text")] string text) => inbox.All.Enqueue($"text {text}");

    [Function("Bytes")]
    public void Bytes([QueueTrigger("%PREFIX%-bytes")] byte[] bytes) => inbox.All.Enqueue($"bytes {bytes.Length}");

    [Function("Data")]
    public void Data([QueueTrigger("%PREFIX%-data")] BinaryData data) => inbox.All.Enqueue($"data {data.ToMemory().Length}");

    [Function("Message")]
    public void Message([QueueTrigger("%PREFIX%-message")] QueueMessage message) =>
        inbox.All.Enqueue($"message {message.Body.ToMemory().Length}");

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
