using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using System.Xml;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Domain.Json;
using Chard.Domain.Payloads;
using Chard.Functions.Tests.Api;
using Chard.Functions.Tests.Storage;
using Chard.Starts;
using Chard.Status;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Chard.Functions.Tests.Fuzzing;

/// <summary>
/// Whatever is sent, nothing answers 500, every answer is documented, every message becomes a workflow or a dead letter, and no workflow is
/// left stuck.
/// </summary>
[Collection(ApiTests.Name)]
public sealed class RandomStartsTests(ApiHost api)
{
    private static readonly string[] Resting = ["completed", "failed", "cancelled", "expired", "parked"];

    private readonly string _mark = Guid.NewGuid().ToString("N")[..8];

    [Property(MaxTest = 300)]
    public Task Post_AnyBody_IsAnsweredAndEnds(int seed) => PostAsync(seed);

    [Property(MaxTest = 2_500)]
    [Trait("Category", "Soak")]
    public Task Post_AnyBodySoak_IsAnsweredAndEnds(int seed) => PostAsync(seed);

    [Property(MaxTest = 150)]
    public async Task Request_AnyPathAndQuery_IsAnswered(NonNull<string> text, PositiveInt which, NonNull<byte[]> body)
    {
        string part = Uri.EscapeDataString(Valid(text.Get)) is { Length: > 0 } escaped && escaped.Trim('.').Length > 0
            ? escaped
            : "x"; // a path of dots is another path before it is sent
        (HttpMethod method, string path) = (which.Get % 9) switch
        {
            0 => (HttpMethod.Get, $"/api/workflows/{part}"),
            1 => (HttpMethod.Get, $"/api/workflows/{part}/result"),
            2 => (HttpMethod.Get, $"/api/workflows?owner={part}&workflow={part}"),
            3 => (HttpMethod.Get, $"/api/workflows?continuation={part}"),
            4 => (HttpMethod.Get, $"/api/dead-letters/{part}"),
            5 => (HttpMethod.Get, $"/api/dead-letters?class={part}&task={part}&from={part}"),
            6 => (HttpMethod.Post, $"/api/dead-letters/{part}/retry"),
            7 => (HttpMethod.Post, "/api/dead-letters/retry"),
            _ => (HttpMethod.Post, $"/api/workflows/{part}/cancel"),
        };
        await api.SendAsync(method, path, method == HttpMethod.Post ? body.Get : null);
    }

    [Fact]
    public Task Queue_AnyMessages_BecomeWorkflowsOrDeadLetters() => QueueAsync(300);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Queue_AnyMessagesSoak_BecomeWorkflowsOrDeadLetters() => QueueAsync(1_500);

    /// <summary>Text without half surrogate pairs, which no URL can carry.</summary>
    private static string Valid(string text) => new([.. text.Where(c => !char.IsSurrogate(c))]);

    private async Task PostAsync(int seed)
    {
        Answer answer = await api.SendAsync(HttpMethod.Post, "/api/workflows", new RandomStarts(seed, _mark).Next());
        Assert.True(
            answer.Status is HttpStatusCode.Accepted or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity
                or HttpStatusCode.RequestEntityTooLarge,
            $"{answer.Status} {answer.Body}");
        if (answer.Status == HttpStatusCode.Accepted)
        {
            await RestsAsync(answer.Text("id"));
        }
    }

    private async Task QueueAsync(int count)
    {
        QueueClient queue = api.Service<QueueServiceClient>().GetQueueClient(AzuriteStorage.Names.StartQueue);
        await queue.CreateIfNotExistsAsync();
        int refused = 0;
        var sent = new ConcurrentBag<(string MessageId, byte[] Body)>();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, token) =>
        {
            byte[] body = new RandomStarts(i, _mark).Next();
            if (body.Length > 45_000)
            {
                body = body[..45_000]; // a message holds 48 KiB before it is encoded
            }

            // Half as the client of today sends them, plainly, half in Base64; what XML cannot carry only so.
            string text = i % 2 == 0 && IsXml(body) ? Encoding.UTF8.GetString(body) : Convert.ToBase64String(body);
            SendReceipt receipt = await queue.SendMessageAsync((i % 3 == 0 ? "\uFEFF" : "") + text, cancellationToken: token);
            sent.Add((receipt.MessageId, body));
        });

        await Parallel.ForEachAsync(sent, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (message, token) =>
        {
            await Eventually.TrueAsync(
                $"message {message.MessageId} is settled", () => IsSettledAsync(message.MessageId, message.Body, token),
                TimeSpan.FromSeconds(60 + (count / 20)), () => Convert.ToHexString(message.Body));

            if (await LetterAsync(message.MessageId, token) is { } letter)
            {
                Interlocked.Increment(ref refused);
                Assert.Equal(Shown(message.Body), await ShownAsync(letter, token));
            }
        });
        Assert.InRange(refused, count / 10, count * 9 / 10);
    }

    /// <summary>True if XML, which a message travels in, can carry the bytes as text and gives them back unchanged.</summary>
    private static bool IsXml(byte[] body) =>
        Utf8.IsValid(body) && body.Length > 0 && Encoding.UTF8.GetString(body) is var text
            && text.All(c => char.IsSurrogate(c) || (XmlConvert.IsXmlChar(c) && c != '\r'))
            && !string.IsNullOrWhiteSpace(text);

    /// <summary>What a dead letter of the bytes shows: the document, the text, or Base64 of what is no text.</summary>
    private static string Shown(byte[] body) =>
        StrictJson.TryParse(body, out JsonElement document, out _) && document.ValueKind == JsonValueKind.Object ? document.GetRawText()
        : Utf8.IsValid(body) ? Encoding.UTF8.GetString(body).TrimStart('\uFEFF')
        : Convert.ToBase64String(body);

    private async Task<string> ShownAsync(DeadLetter letter, CancellationToken cancellationToken)
    {
        JsonElement? args = letter.Args;
        if (letter.ArgsReference is { } reference)
        {
            await using Stream stream = await api.Service<IPayloadStore>().OpenReadAsync(reference, cancellationToken);
            args = await JsonSerializer.DeserializeAsync<JsonElement>(stream, cancellationToken: cancellationToken);
        }

        return args!.Value.ValueKind == JsonValueKind.String ? args.Value.GetString()! : args.Value.GetRawText();
    }

    /// <summary>True once the message is a dead letter, or its workflow is there and rests.</summary>
    private async Task<bool> IsSettledAsync(string messageId, byte[] body, CancellationToken cancellationToken)
    {
        if (await LetterAsync(messageId, cancellationToken) is not null)
        {
            return true;
        }

        string id = "queue-" + messageId;
        try
        {
            id = StartDocument.Parse(body).Id ?? id;
        }
        catch (InvalidStartException)
        {
            return false; // a dead letter, soon
        }

        if (await api.Service<IWorkflowStatusStore>().GetAsync(id, cancellationToken) is null)
        {
            return false;
        }

        await RestsAsync(id);
        return true;
    }

    private Task<DeadLetter?> LetterAsync(string messageId, CancellationToken cancellationToken) =>
        api.Service<IDeadLetterStore>().GetAsync(DeadLetterId.OfMessage(messageId), cancellationToken);

    private async Task RestsAsync(string id) => await Eventually.SeenAsync(
        $"{id} rests", () => api.GetAsync($"/api/workflows/{id}?wait=10"), answer => Resting.Contains(answer.Text("status")));
}
