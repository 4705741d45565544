using System.Net;
using System.Text;
using System.Text.Json;
using Chard.DeadLetters;
using Chard.Domain.DeadLetters;
using Chard.Functions.Tests.Api;
using FsCheck.Xunit;

namespace Chard.Functions.Tests.Fuzzing;

/// <summary>Numbers of any size, at every place where the API takes JSON: an answer, and never 500.</summary>
[Collection(ApiTests.Name)]
public sealed class NumberFuzzTests(ApiHost api)
{
    private static readonly string[] Numbers =
    [
        "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1000000000000000000000000000000",
        "79228162514264337593543950336",
        "1e400", "-1e400", "1E5", "1e-400", "-0", "-0.0", "1.10", "0.1", "12345678901234567.89", "4294967296", "2147483648", "1.0", "0.5",
        "\"2\"", "\"x\"",
    ];

    private static readonly (string Method, string Path, string Body)[] Places =
    [
        ("POST", "/api/workflows", """{"task":"Sum","args":[1,N]}"""),
        ("POST", "/api/workflows", """{"task":"Sleep","args":{"seconds":0,"value":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows", """{"task":"Sleep","args":{"seconds":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows", """{"task":"Flaky","args":{"failures":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows", """{"task":"Square","args":N,"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows",
            """{"task":"PostWebhook","args":{"url":"https://x.example","payload":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows", """{"task":"Echo","args":N,"expiresIn":N,"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows",
            """{"task":"Echo","args":{},"retry":{"attempts":N,"firstDelaySeconds":N,"backoff":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows",
            """{"workflow":"CallWebhook","args":{"url":"https://x.example","payload":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows",
            """{"workflow":"ChargeOrder","args":{"order":"o","amount":N,"currency":"EUR","card":"c"},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows",
            """{"workflow":"ImportCsv","args":{"source":"chard-imports/x","maxErrors":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows",
            """{"canvas":{"task":"Echo","args":[N,{"a":N}],"countdown":N,"expiresIn":N,"timeLimit":N},"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows", """
            {"canvas":{"task":"Echo","args":1,"retry":{"attempts":N,"firstDelaySeconds":N,"maxDelaySeconds":N}},
             "startAt":"2099-01-01T00:00:00Z"}
            """),
        ("POST", "/api/workflows", """
            {"canvas":{"map":{"task":"Square","over":[1,N],"chunk":N},"maxInFlight":N,"failures":{"tolerate":N}},
             "startAt":"2099-01-01T00:00:00Z"}
            """),
        ("POST", "/api/workflows", """{"canvas":{"task":"Echo","args":"$input"},"args":N,"startAt":"2099-01-01T00:00:00Z"}"""),
        ("POST", "/api/workflows", """{"canvas":N}"""),
        ("POST", "/api/workflows", "N"),
        ("POST", "/api/workflows/cancel", """{"stamp":"none","limit":N}"""),
        ("POST", "/api/dead-letters/none/retry", """{"args":N}"""),
        ("POST", "/api/dead-letters/retry", """{"task":"None","args":N}"""),
    ];

    [Theory]
    [InlineData("""{"task":"Sum","args":[1,79228162514264337593543950336]}""", "/args/1")]
    [InlineData("""{"task":"Flaky","args":{"failures":9223372036854775808}}""", "/args/failures")]
    [InlineData("""{"task":"Sleep","args":{"seconds":9223372036854775808}}""", "/args/seconds")]
    [InlineData("""{"task":"Sleep","args":{"seconds":-1}}""", "/args/seconds")]
    [InlineData("""{"task":"Flaky","args":{"failures":"2"}}""", "/args/failures")]
    public async Task Start_NumberThatTheTypeCannotHold_Is400WithItsPointer(string body, string pointer)
    {
        Answer answer = await api.PostAsync("/api/workflows", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains($"\"{pointer}\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1000000000000000000000000000000")]
    [InlineData("12345678901234567.89")]
    [InlineData("-0")]
    [InlineData("1e400")]
    public async Task Start_AnyJson_TravelsDigitForDigit(string number)
    {
        Answer started = await api.PostAsync("/api/workflows", $$"""{"task":"Echo","args":{"n":{{number}} } }""");
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Body);
        await api.UntilAsync(started.Text("id"), "completed");

        Answer result = await api.GetAsync($"/api/workflows/{started.Text("id")}/result");
        Assert.Equal(number, JsonElement.Parse(result.Body).GetProperty("n").GetRawText());
    }

    [Fact]
    public async Task RetryOfADeadLetter_NumberThatTheTypeCannotHold_Is400WithItsPointer()
    {
        string id = DeadLetterId.OfTask($"numbers-{Guid.NewGuid():N}"[..30], "0", 0);
        await api.Service<IDeadLetterStore>().AddAsync(
            new()
            {
                Id = id, Task = "Flaky", Class = "flaky", Message = "Failed, as asked.", Attempts = 6,
                Args = JsonElement.Parse("""{"failures":1}"""), CreatedAt = DateTimeOffset.UtcNow,
            },
            CancellationToken.None);

        foreach (string number in (string[])["9223372036854775808", "1e400", "1.5", "\"2\"", "1000000000000000000000000000000"])
        {
            Answer answer = await api.PostAsync($"/api/dead-letters/{id}/retry", $$$"""{"args":{"failures":{{{number}}}}}""");
            Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{number}: {answer.Status} {answer.Body}");
            Assert.Equal("/args/failures", answer.Json.GetProperty("faults")[0].GetProperty("pointer").GetString());
        }

        Answer retried = await api.PostAsync(
            $"/api/dead-letters/{id}/retry", """{"args":{"failures":0,"value":1000000000000000000000000000000}}""");
        Assert.True(retried.Status == HttpStatusCode.OK, retried.Body);
        string workflow = DeadLetterId.WorkflowOf(id);
        await api.UntilAsync(workflow, "completed");
        Assert.Equal("1000000000000000000000000000000", (await api.GetAsync($"/api/workflows/{workflow}/result")).Body);
    }

    [Fact]
    public async Task AnyPlace_AnyOfTheNumbers_IsAnswered()
    {
        foreach ((string method, string path, string body) in Places)
        {
            foreach (string number in Numbers)
            {
                await AnsweredAsync(method, path, body, number);
            }
        }
    }

    [Property(MaxTest = 200)]
    public Task AnyPlace_AnyNumber_IsAnswered(int seed)
    {
        var random = new Random(seed);
        string whole = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(10))).TrimStart('0');
        string number = (random.Next(2) == 0 ? "-" : "") + (whole.Length == 0 ? "0" : whole)
            + random.Next(4) switch { 0 => ".0", 1 => ".10", 2 => "." + random.NextInt64(), _ => "" }
            + random.Next(3) switch { 0 => $"e{random.Next(-400, 400)}", 1 => $"E+{random.Next(400)}", _ => "" };
        (string method, string path, string body) = Places[random.Next(Places.Length)];
        return AnsweredAsync(method, path, body, number);
    }

    private async Task AnsweredAsync(string method, string path, string body, string number)
    {
        string sent = body == "N" ? number : body.Replace(":N", ":" + number, StringComparison.Ordinal)
            .Replace("[N", "[" + number, StringComparison.Ordinal).Replace(",N", "," + number, StringComparison.Ordinal);
        Answer answer = await api.SendAsync(new HttpMethod(method), path, Encoding.UTF8.GetBytes(sent));
        Assert.True((int)answer.Status < 500, $"{(int)answer.Status} to {method} {path} {sent}: {answer.Body}");
    }
}
