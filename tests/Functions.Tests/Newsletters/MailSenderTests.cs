using System.Text;
using Chard.Domain.Failures;
using Chard.Functions.Newsletters;
using Chard.Functions.Tests.Servers;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tests.Newsletters;

public sealed class MailSenderTests : IAsyncLifetime
{
    private static readonly NewsletterContent Content = new(
        "Chard <news@example.com>", "Grüße an {{name}}", ".\n..\nHallo {{name}}", "<p>Hallo {{name}}</p>");
    private readonly SmtpServer _server = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Smtp_Message_ArrivesAsProperMime()
    {
        Mail mail = MailTo("ada@example.com");

        await Smtp().SendAsync(mail, default);

        ReceivedMail received = Assert.Single(_server.Messages);
        Assert.Equal(("news@example.com", "ada@example.com", mail.MessageId), (received.From, received.To, received.MessageId));
        AssertMime(received.Raw);
    }

    [Theory]
    [InlineData("451 try later", FailureKind.Transient, "smtp-451")]
    [InlineData("450 mailbox busy", FailureKind.Transient, "smtp-450")]
    [InlineData("550 no such user", FailureKind.Permanent, "smtp-550")]
    [InlineData("552 too large", FailureKind.Permanent, "smtp-552")]
    [InlineData("554 no", FailureKind.Permanent, "smtp-554")]
    public async Task Smtp_Refusal_HasTheKindOfItsReply(string reply, FailureKind kind, string code)
    {
        _server.Next("ada@example.com", reply);

        TaskFailureException e = await Assert.ThrowsAnyAsync<TaskFailureException>(
            () => Smtp().SendAsync(MailTo("ada@example.com"), default));

        Assert.Equal((kind, code), (e.Kind, e.Code));
        Assert.StartsWith("ada@example.com: ", e.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Messages);
    }

    [Fact]
    public async Task Smtp_ConnectionLostAfterTheMessage_IsTransientAndTheRepetitionIsRecognisable()
    {
        _server.DropAfterNextMessage();
        Mail mail = MailTo("ada@example.com");

        var e = await Assert.ThrowsAsync<TransientTaskException>(() => Smtp().SendAsync(mail, default));
        await Smtp().SendAsync(mail, default);

        Assert.Equal("smtp-unreachable", e.Code);
        Assert.Equal(2, _server.CountById[mail.MessageId]);
    }

    [Fact]
    public async Task Smtp_BusyServer_IsTransient()
    {
        _server.Greeting = "421 busy";

        var e = await Assert.ThrowsAsync<TransientTaskException>(() => Smtp().SendAsync(MailTo("ada@example.com"), default));

        Assert.Empty(_server.Messages);
        Assert.StartsWith("smtp-", e.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Smtp_ServerThatNeverSpeaks_IsATimeout()
    {
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();

        var e = await Assert.ThrowsAsync<TransientTaskException>(
            () => Smtp(((System.Net.IPEndPoint)silent.LocalEndpoint).Port, timeoutSeconds: 1)
                .SendAsync(MailTo("ada@example.com"), default));

        Assert.Equal("timeout", e.Code);
    }

    [Fact]
    public async Task Smtp_ServerWithoutStartTls_GetsNothingInTheClear()
    {
        await Assert.ThrowsAsync<TransientTaskException>(() => Smtp(startTls: true).SendAsync(MailTo("ada@example.com"), default));

        Assert.Empty(_server.Messages);
        Assert.DoesNotContain(
            _server.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal) || c.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pickup_Message_IsAFileOfProperMimeNamedAfterItsKey()
    {
        Mail mail = MailTo("ada@example.com");

        await Pickup().SendAsync(mail, default);

        string file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(mail.Key + ".eml", Path.GetFileName(file));
        AssertMime(await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Pickup_Repetitions_ReplaceTheirOwn()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Pickup().SendAsync(MailTo("ada@example.com"), default)));
        await Pickup().SendAsync(MailTo("bob@example.com", "wf:2"), default);

        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, ".partial")));
    }

    [Fact]
    public void Validate_MailOptions_SaysEverythingThatCannotWork()
    {
        var options = new MailOptions { Folder = " ", Smtp = { Port = 0, TimeoutSeconds = 0, UserName = "me", StartTls = false } };

        Assert.Equal(
            [
                "Chard:Mail:Folder must name a folder.",
                "Chard:Mail:Smtp:Port is 0; it must be 1 to 65535.",
                "Chard:Mail:Smtp:TimeoutSeconds is 0; it must be 1 to 100.",
                "Chard:Mail:Smtp:UserName and Password go together: set both or none.",
                "Chard:Mail:Smtp:StartTls must be true with a password, which would go over the wire in the clear.",
            ],
            new MailOptionsValidator().Validate(null, options).Failures);
        Assert.True(new MailOptionsValidator().Validate(null, new MailOptions()).Succeeded);
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(0.001, "Chard:Newsletters:MessagesPerSecond is 0.001; it must be 0.01 to 1000.")]
    [InlineData(1001, "Chard:Newsletters:MessagesPerSecond is 1001; it must be 0.01 to 1000.")]
    public void Validate_NewsletterOptions_SaysWhatCannotWork(double rate, string? fault) =>
        Assert.Equal(fault, new MailOptionsValidator().Validate(null, new NewsletterOptions { MessagesPerSecond = rate }).FailureMessage);

    private static void AssertMime(string raw)
    {
        Assert.Contains("multipart/alternative", raw, StringComparison.Ordinal);
        Assert.Contains("Subject: =?utf-8?B?", raw, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("To: \"?Ada\"? <ada@example.com>", raw);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(".\n..\nHallo Ada")), raw, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes("<p>Hallo Ada</p>")), raw, StringComparison.Ordinal);
        Assert.True(raw.IndexOf("text/plain", StringComparison.Ordinal) < raw.IndexOf("text/html", StringComparison.Ordinal));
    }

    private static Mail MailTo(string address, string key = "wf:1") => Mail.Create(key, Content, new(address, "Ada"));

    private SmtpMailSender Smtp(int? port = null, bool startTls = false, int timeoutSeconds = 30) => new(Options.Create(new MailOptions
    {
        Smtp = { Host = "127.0.0.1", Port = port ?? _server.Port, StartTls = startTls, TimeoutSeconds = timeoutSeconds },
    }));

    private PickupMailSender Pickup() => new(Options.Create(new MailOptions { Folder = _folder }));
}
