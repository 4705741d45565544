using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Json;
using Chard.Domain.Tasks;
using Chard.Domain.Tests;
using Chard.Functions.Newsletters;
using Chard.Functions.Outgoing;
using Moq;

namespace Chard.Functions.Tests.Newsletters;

public sealed class PrepareNewsletterTests
{
    private static readonly SendNewsletterArgs Args = new("news@example.com", "Hi", "Hello", null, [new("ada@example.com")]);
    private readonly MemoryPayloads _payloads = new();
    private readonly Mock<IFileDownloads> _downloads = new(MockBehavior.Strict);

    [Fact]
    public void Args_RecipientsAsTextAndAsObjects_AreReadAlike()
    {
        var args = JsonElement.Parse("""
            {"from":"news@example.com","subject":"Hi","text":"Hello",
             "recipients":["ada@example.com","Bob B. <bob@example.com>",
               {"address":"eve@example.com","name":"Eve","fields":{"city":"Bonn"}}]}
            """);

        Assert.Empty(ArgsDocument.Validate<SendNewsletterArgs>(args, SendNewsletterRules.Check));
        IReadOnlyList<Recipient> recipients = args.Deserialize<SendNewsletterArgs>(TaskJson.Options)!.Recipients!;
        Assert.Equal(["ada@example.com", "bob@example.com", "eve@example.com"], recipients.Select(r => r.Address));
        Assert.Equal([null, "Bob B.", "Eve"], recipients.Select(r => r.Name));
        Assert.Equal("Bonn", recipients[2].Fields!["city"]);
    }

    [Theory]
    [InlineData("""{"from":"x","subject":"Hi","text":"t","recipients":["a@b.example"]}""", "/from")]
    [InlineData("""{"from":"a@b.example","subject":" ","text":"t","recipients":["a@b.example"]}""", "/subject")]
    [InlineData("""{"from":"a@b.example","subject":"a\r\nBcc: x","text":"t","recipients":["a@b.example"]}""", "/subject")]
    [InlineData("""{"from":"a@b.example","subject":"{{name","text":"t","recipients":["a@b.example"]}""", "/subject")]
    [InlineData("""{"from":"a@b.example","subject":"Hi","recipients":["a@b.example"]}""", "/text")]
    [InlineData("""{"from":"a@b.example","subject":"Hi","html":"{{}}","recipients":["a@b.example"]}""", "/html")]
    [InlineData("""{"from":"a@b.example","subject":"Hi","text":"t"}""", "/recipients")]
    [InlineData("""{"from":"a@b.example","subject":"Hi","text":"t","recipients":[]}""", "/recipients")]
    [InlineData(
        """{"from":"a@b.example","subject":"Hi","text":"t","recipients":["a@b.example"],"recipientsUrl":"https://x.example/"}""",
        "/recipients")]
    [InlineData("""{"from":"a@b.example","subject":"Hi","text":"t","recipients":[{"name":"A"}]}""", "/recipients/0")]
    [InlineData("""{"from":"a@b.example","subject":"Hi","text":"t","recipients":[7]}""", "/recipients/0")]
    public void Validate_BadArgs_SaysWhere(string json, string at) =>
        Assert.Equal(
            at, Assert.Single(ArgsDocument.Validate<SendNewsletterArgs>(JsonElement.Parse(json), SendNewsletterRules.Check)).Pointer);

    [Fact]
    public void Check_MoreThanAThousandRecipients_PointsToAFile() =>
        Assert.Contains("recipientsFile", Assert.Single(SendNewsletterRules.Check(Args with
        {
            Recipients = [.. Enumerable.Range(0, 1001).Select(i => new Recipient($"r{i}@example.com"))],
        })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_RepeatedAndBadRecipients_AreLeftOutAndCounted()
    {
        PreparedNewsletter prepared = await RunAsync(Args with
        {
            Recipients = [new("ada@example.com"), new("no address"), new("ADA@example.com", "Ada"), new("bob@example.com", "Bob")],
        });

        Assert.Equal(2, prepared.Count);
        Assert.Equal([0], prepared.Parts);
        Assert.Equal(1, prepared.Duplicates);
        Assert.Equal(1, prepared.RejectedCount);
        Assert.Equal("no address", Assert.Single(prepared.Rejected).Recipient);
        Assert.StartsWith("bad-address: ", prepared.Rejected[0].Reason, StringComparison.Ordinal);
        Assert.Equal(
            "{\"address\":\"ada@example.com\"}\n{\"address\":\"bob@example.com\",\"name\":\"Bob\"}\n", _payloads.Text(prepared.Recipients));
    }

    [Fact]
    public async Task RunAsync_File_TakesMailboxesAndJsonLineByLine()
    {
        PreparedNewsletter prepared = await RunAsync(Args with
        {
            Recipients = null,
            RecipientsFile = _payloads.Put(
                "list", "Ada <ada@example.com>\r\n\r\n{\"address\":\"bob@example.com\"}\n{\"broken\n{\"name\":\"x\"}\n"),
        });

        Assert.Equal(2, prepared.Count);
        Assert.Equal(2, prepared.RejectedCount);
        Assert.All(prepared.Rejected, r => Assert.StartsWith("not-a-recipient", r.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_Url_TakesTheFileItLeadsTo()
    {
        _downloads.Setup(d => d.CopyToAsync("https://lists.example/list", It.IsAny<Stream>(), It.IsAny<CancellationToken>()))
            .Returns(async (string _, Stream target, CancellationToken token) =>
            {
                await target.WriteAsync("ada@example.com\nbob@example.com\n"u8.ToArray(), token);
                return 32L;
            });

        Assert.Equal(2, (await RunAsync(Args with { Recipients = null, RecipientsUrl = "https://lists.example/list" })).Count);
    }

    [Fact]
    public async Task RunAsync_ManyRecipients_AreCutIntoPartsThatTogetherAreAll()
    {
        PreparedNewsletter prepared = await RunAsync(Args with
        {
            Recipients = null,
            RecipientsFile = _payloads.Put("list", string.Concat(Enumerable.Range(0, 250).Select(i => $"r{i}@example.com\n"))),
        });

        Assert.Equal([0, 100, 200], prepared.Parts);
        var seen = new List<string>();
        for (int part = 0; part < prepared.Parts.Count; part++)
        {
            seen.AddRange((await ReadAsync(prepared, part)).Select(r => r.Address));
        }

        Assert.Equal(Enumerable.Range(0, 250).Select(i => $"r{i}@example.com"), seen);
    }

    [Fact]
    public async Task RunAsync_LargeRecipients_MakeSmallerParts()
    {
        var fields = new Dictionary<string, string> { ["text"] = new('x', 3000) };
        PreparedNewsletter prepared = await RunAsync(Args with
        {
            Recipients = [.. Enumerable.Range(0, 20).Select(i => new Recipient($"r{i}@example.com", null, fields))],
        });

        Assert.Equal([0, 8, 16], prepared.Parts);
        Assert.True(JsonSerializer.SerializeToUtf8Bytes(await ReadAsync(prepared, 0), TaskJson.Options).Length <= TaskValue.MaxInlineBytes);
    }

    [Fact]
    public async Task RunAsync_MoreThanTheLimit_IsAPermanentFailure()
    {
        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => RunAsync(Args with
        {
            Recipients = null,
            RecipientsFile = _payloads.Put("list", string.Concat(Enumerable.Range(0, 100_001).Select(i => $"r{i}@a.example\n"))),
        }));

        Assert.Equal("too-many-recipients", e.Code);
    }

    [Fact]
    public async Task ReadRecipients_PayloadThatEndsEarly_IsAPermanentFailure()
    {
        PreparedNewsletter prepared = await RunAsync(Args);

        var e = await Assert.ThrowsAsync<PermanentTaskException>(
            () => new ReadRecipients().RunAsync(new(prepared.Recipients, 0, 2), TestContexts.Of("k", _payloads), default));

        Assert.Equal("payload-altered", e.Code);
    }

    [Fact]
    public async Task NewsletterContents_SameContentTwice_IsReadOnce()
    {
        PreparedNewsletter prepared = await RunAsync(Args);
        var contents = new NewsletterContents();

        NewsletterContent first = await contents.GetAsync(prepared.Content, _payloads, default);
        int reads = _payloads.Reads;
        NewsletterContent again = await contents.GetAsync(prepared.Content, _payloads, default);

        Assert.Same(first, again);
        Assert.Equal(reads, _payloads.Reads);
        Assert.Equal(new NewsletterContent("news@example.com", "Hi", "Hello", null), first);
    }

    private Task<PreparedNewsletter> RunAsync(SendNewsletterArgs args) =>
        new PrepareNewsletter(_downloads.Object).RunAsync(args, TestContexts.Of("k", _payloads), default);

    private Task<IReadOnlyList<Recipient>> ReadAsync(PreparedNewsletter prepared, int part)
    {
        int first = prepared.Parts[part];
        int next = part + 1 < prepared.Parts.Count ? prepared.Parts[part + 1] : prepared.Count;
        return new ReadRecipients().RunAsync(new(prepared.Recipients, first, next - first), TestContexts.Of("k", _payloads), default);
    }
}
