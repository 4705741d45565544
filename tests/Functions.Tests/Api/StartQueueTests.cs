using System.Net;
using System.Text;
using Azure.Storage.Queues;
using Chard.Functions.Tests.Storage;

namespace Chard.Functions.Tests.Api;

[Collection(ApiTests.Name)]
public sealed class StartQueueTests(ApiHost api)
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    [Fact]
    public async Task Message_Good_StartsOneHoweverOftenItComes()
    {
        string id = "m" + _mark;
        string body = $$"""{"workflow":"Answer","args":{"n":1},"id":"{{id}}"}""";
        await SendAsync(AzuriteStorage.Names.StartQueue, body);
        await SendAsync(AzuriteStorage.Names.StartQueue, body);

        await KnownAsync(id);
        await api.UntilAsync(id, "completed");
        Assert.Equal(HttpStatusCode.Accepted, (await api.PostAsync("/api/workflows", body)).Status);
    }

    [Fact]
    public async Task Message_WithoutId_IsNamedAfterTheMessage()
    {
        string messageId = await SendAsync(AzuriteStorage.Names.StartQueue, """{"workflow":"Answer","args":{"n":1}}""");
        await KnownAsync("queue-" + messageId);
        await api.UntilAsync("queue-" + messageId, "completed");
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("""{"workflow":"Nope","args":{"ä":"\u00e9"}}""")]
    public async Task Message_CannotBeStarted_IsADeadLetterAtOnce(string body)
    {
        string messageId = await SendAsync(AzuriteStorage.Names.StartQueue, body);
        Answer letter = await LetterAsync($"message-{messageId}");

        Assert.Equal(
            ("invalid-start", "startMessage", 1),
            (letter.Text("class"), letter.Text("origin"), letter.Json.GetProperty("attempts").GetInt32()));
        (await api.PostAsync($"/api/dead-letters/message-{messageId}/skip")).IsProblem(409, "wrong-state");
    }

    [Fact]
    public async Task DeadLetter_OfMessageRetriedWithAnotherDocument_Starts()
    {
        string messageId = await SendAsync(AzuriteStorage.Names.StartQueue, """{"workflow":"Anwser","args":{"n":1}}""");
        string id = $"message-{messageId}";
        await LetterAsync(id);

        Answer retried = await api.PostAsync($"/api/dead-letters/{id}/retry", """{"args":{"workflow":"Answer","args":{"n":2}}}""");
        Assert.Equal("retried", retried.Text("state"));
        string workflow = Domain.DeadLetters.DeadLetterId.WorkflowOf(id);
        await KnownAsync(workflow);
        await api.UntilAsync(workflow, "completed");
        Assert.Equal("""{"n":2}""", (await api.GetAsync($"/api/workflows/{workflow}/result")).Body);
    }

    [Fact]
    public async Task DeadLetter_OfMessageRetriedAsItIs_ComesBackAsAnother()
    {
        string messageId = await SendAsync(AzuriteStorage.Names.StartQueue, $$"""{"workflow":"Nope{{_mark}}"}""");
        await LetterAsync($"message-{messageId}");
        await api.PostAsync($"/api/dead-letters/message-{messageId}/retry");

        await Eventually.SeenAsync(
            "the message is an open dead letter again",
            () => api.GetAsync("/api/dead-letters?class=invalid-start&state=open&limit=200"),
            open => open.Body.Contains($"Nope{_mark}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PoisonMessage_IsADeadLetterAndCanBeRetried()
    {
        string messageId = await SendAsync(AzuriteStorage.Names.PoisonedStartQueue, """{"workflow":"Answer","args":{"n":3}}""");
        string id = $"message-{messageId}";
        Answer letter = await LetterAsync(id);
        Assert.Equal("poison-message", letter.Text("class"));
        Assert.Equal("Answer", letter.Json.GetProperty("args").GetProperty("workflow").GetString());

        await api.PostAsync($"/api/dead-letters/{id}/retry");
        string workflow = Domain.DeadLetters.DeadLetterId.WorkflowOf(id);
        await KnownAsync(workflow);
        await api.UntilAsync(workflow, "completed");
    }

    /// <summary>As the client of today sends by default, and as that of yesterday and the Functions host do.</summary>
    [Theory]
    [InlineData("", false)]
    [InlineData("", true)]
    [InlineData("\uFEFF", false)]
    [InlineData("\uFEFF", true)]
    [InlineData("\n \t", false)]
    public async Task Message_PlainOrBase64_Starts(string before, bool base64)
    {
        string body = before + """{"workflow":"Answer","args":{"n":"ü€😀"}}""";
        string messageId = await SendAsync(
            AzuriteStorage.Names.StartQueue, base64 ? Convert.ToBase64String(Encoding.UTF8.GetBytes(body)) : body);

        await KnownAsync("queue-" + messageId);
        await api.UntilAsync("queue-" + messageId, "completed");
        Assert.Equal("ü€😀", (await api.GetAsync($"/api/workflows/queue-{messageId}/result")).Text("n"));
    }

    [Theory]
    [InlineData("hello world!", "hello world!")]
    [InlineData("aGVsbG8gd29ybGQh", "hello world!")]
    [InlineData("true", "true")]
    [InlineData("/w==", "/w==")]
    [InlineData("<a>&amp;</a>", "<a>&amp;</a>")]
    public async Task Message_AnyWords_AreShownInADeadLetter(string body, string shown)
    {
        string messageId = await SendAsync(AzuriteStorage.Names.StartQueue, body);
        Answer letter = await LetterAsync($"message-{messageId}");

        Assert.Equal(("invalid-start", shown), (letter.Text("class"), letter.Text("args")));
    }

    [Fact]
    public async Task PoisonMessage_AnyWords_AreShownInADeadLetter()
    {
        string messageId = await SendAsync(AzuriteStorage.Names.PoisonedStartQueue, "hello world!");
        Answer letter = await LetterAsync($"message-{messageId}");

        Assert.Equal(("poison-message", "hello world!"), (letter.Text("class"), letter.Text("args")));
    }

    [Fact]
    public async Task DeadLetter_OfALongPlainMessage_CanBeRetriedAsItIs()
    {
        string messageId = await SendAsync(
            AzuriteStorage.Names.StartQueue, $$"""{"workflow":"Nope","args":{"n":"{{new string('x', 60_000)}}"} }""");
        await LetterAsync($"message-{messageId}");
        Assert.Equal("retried", (await api.PostAsync($"/api/dead-letters/message-{messageId}/retry")).Text("state"));

        Answer tooLong = await api.PostAsync(
            $"/api/dead-letters/{await OpenLetterAsync()}/retry",
            $$"""{"args":{"workflow":"Answer","args":{"n":"{{new string('x', 70_000)}}"} } }""");
        tooLong.IsProblem(400, "invalid-start");
        Assert.Equal("/args", tooLong.Json.GetProperty("faults")[0].GetProperty("pointer").GetString());

        async Task<string> OpenLetterAsync()
        {
            string other = $"message-{await SendAsync(AzuriteStorage.Names.StartQueue, "another")}";
            await LetterAsync(other);
            return other;
        }
    }

    private async Task<string> SendAsync(string queue, string body)
    {
        QueueClient client = api.Service<QueueServiceClient>().GetQueueClient(queue);
        await client.CreateIfNotExistsAsync();
        return (await client.SendMessageAsync(body)).Value.MessageId;
    }

    private Task<Answer> KnownAsync(string workflow) => FoundAsync($"/api/workflows/{workflow}");

    private Task<Answer> LetterAsync(string id) => FoundAsync($"/api/dead-letters/{id}");

    private Task<Answer> FoundAsync(string path) =>
        Eventually.SeenAsync($"{path} is there", () => api.GetAsync(path), answer => answer.Status == HttpStatusCode.OK);
}
