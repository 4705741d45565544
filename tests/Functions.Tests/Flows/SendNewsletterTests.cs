using System.Text.Json;

namespace Chard.Functions.Tests.Flows;

public sealed class SendNewsletterTests : IAsyncLifetime
{
    private FlowHost _host = null!;

    public async Task InitializeAsync() => _host = await FlowHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task SendNewsletter_GoodRecipients_GetOneMessageEach()
    {
        JsonElement result = await SendAsync("ada@example.com", "Bob <bob@example.com>", "ADA@example.com");

        Assert.Equal("""{"sent":2,"failedCount":0,"failed":[],"duplicates":1}""", result.GetRawText());
        Assert.Equal(["ada@example.com", "bob@example.com"], _host.Mail.Messages.Select(m => m.To).Order());
        Assert.Equal(2, _host.Mail.CountById.Count);
    }

    [Fact]
    public async Task SendNewsletter_RecipientsThatFail_AreCollectedAndTheOthersGetTheirs()
    {
        _host.Mail.Next("gone@example.com", "550 no such user");
        _host.Mail.Next("busy@example.com", "451 later", "451 later");

        JsonElement result = await SendAsync("ada@example.com", "gone@example.com", "busy@example.com", "not an address");

        Assert.Equal(2, result.GetProperty("sent").GetInt32());
        Assert.Equal(2, result.GetProperty("failedCount").GetInt32());
        Dictionary<string, string> failed = result.GetProperty("failed").EnumerateArray().ToDictionary(
            f => f.GetProperty("recipient").GetString()!, f => f.GetProperty("reason").GetString()!);
        Assert.StartsWith("smtp-550: gone@example.com", failed["gone@example.com"], StringComparison.Ordinal);
        Assert.StartsWith("bad-address: ", failed["not an address"], StringComparison.Ordinal);
        Assert.Equal(["ada@example.com", "busy@example.com"], _host.Mail.Messages.Select(m => m.To).Order());
    }

    [Fact]
    public async Task SendNewsletter_RecipientWithALineBreakInItsName_FailsAlone()
    {
        JsonElement result = await SendAsync("ada@example.com", new { address = "eve@example.com", name = "Eve\r\nBcc: all@example.com" });

        Assert.Equal(1, result.GetProperty("sent").GetInt32());
        Assert.StartsWith(
            "header-injection: ", result.GetProperty("failed")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(["ada@example.com"], _host.Mail.Messages.Select(m => m.To));
    }

    [Fact]
    public async Task SendNewsletter_FileOfManyRecipients_SendsAllAtTheRateThatIsSet()
    {
        _host.Files.Text = string.Concat(Enumerable.Range(0, 250).Select(i => $"r{i}@example.com\n"));

        JsonElement result = await _host.ResultAsync(await _host.StartWorkflowAsync(
            "SendNewsletter",
            new
            {
                from = "news@example.com", subject = "Hi", text = "Hello", recipientsUrl = new Uri(_host.Files.Url, "/file").ToString()
            }));

        Assert.Equal("""{"sent":250,"failedCount":0,"failed":[],"duplicates":0}""", result.GetRawText());
        Assert.Equal(250, _host.Mail.CountById.Count);
        Assert.All(_host.Mail.CountById.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task SendNewsletter_AThousandInlineRecipients_FitWhereArgumentsTravel()
    {
        object[] recipients = [.. Enumerable.Range(0, 1000).Select(i => $"Recipient number {i} <recipient-{i}@lists.example.com>")];
        await using FlowHost host = await FlowHost.StartAsync(o =>
        {
            o.Settings["Chard:Mail:Smtp:Host"] = null;
            o.Settings["Chard:Mail:Folder"] = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        });

        JsonElement result = await host.ResultAsync(await host.StartWorkflowAsync(
            "SendNewsletter", new { from = "news@example.com", subject = "Hi", text = "Hello {{name}}", recipients }));

        Assert.Equal(1000, result.GetProperty("sent").GetInt32());
    }

    [Fact]
    public async Task SendNewsletter_ActivityDeliveredTwiceOrItsResultLost_SendsOnce()
    {
        _host.App.Faults.DeliverTwice("SendMessage", 2);
        await SendAsync("ada@example.com", "bob@example.com");
        _host.App.Faults.LoseResult("SendMessage", 2);
        await SendAsync("eve@example.com", "max@example.com");

        Assert.Equal(4, _host.Mail.Messages.Count);
        Assert.Equal(4, _host.Mail.CountById.Count);
    }

    [Fact]
    public async Task SendNewsletter_ConnectionLostAfterTheMessage_IsRepeatedUnderTheSameMessageId()
    {
        _host.Mail.DropAfterNextMessage();

        JsonElement result = await SendAsync("ada@example.com");

        Assert.Equal(1, result.GetProperty("sent").GetInt32());
        Assert.Equal(2, Assert.Single(_host.Mail.CountById).Value);
    }

    private async Task<JsonElement> SendAsync(params object[] recipients) =>
        await _host.ResultAsync(await _host.StartWorkflowAsync(
            "SendNewsletter", new { from = "Chard <news@example.com>", subject = "News", text = "Hello {{name|reader}}", recipients }));
}
