using Chard.Domain.Failures;
using Chard.Functions.Newsletters;

namespace Chard.Functions.Tests.Newsletters;

public sealed class MailTests
{
    private static readonly NewsletterContent Content = new("Chard <news@example.com>", "News for {{name|you}}", "Hi {{name|you}}", null);

    [Fact]
    public void Create_SameKey_GivesTheSameMessageId()
    {
        Mail first = Mail.Create("wf:1", Content, new("ada@example.com", "Ada"));
        Mail again = Mail.Create("wf:1", Content, new("ada@example.com", "Ada"));
        Mail other = Mail.Create("wf:2", Content, new("ada@example.com", "Ada"));

        Assert.Equal(first.MessageId, again.MessageId);
        Assert.NotEqual(first.MessageId, other.MessageId);
        Assert.Matches("^<[0-9a-f]{32}@example.com>$", first.MessageId);
        Assert.Equal("News for Ada", first.Subject);
        Assert.Equal("news@example.com", first.From.Address);
    }

    [Fact]
    public void Create_SenderOfAnInternationalDomain_HasAMessageIdInAscii() =>
        Assert.EndsWith(
            "@xn--bcher-kva.example>",
            Mail.Create("k", Content with { From = "news@bücher.example" }, new("ada@example.com", "Ada")).MessageId,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Ada\r\nBcc: all@example.com")]
    [InlineData("Ada\nX")]
    [InlineData("Ada\0")]
    public void Create_LineBreakInAName_IsRefused(string name)
    {
        var e = Assert.Throws<PermanentTaskException>(() => Mail.Create("k", Content, new("ada@example.com", name)));

        Assert.Equal("header-injection", e.Code);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Create_LineBreakThatAFieldBringsIntoTheSubject_IsRefused()
    {
        var recipient = new Recipient("ada@example.com", "Ada", new Dictionary<string, string> { ["topic"] = "x\r\nBcc: all@example.com" });

        var e = Assert.Throws<PermanentTaskException>(() => Mail.Create("k", Content with { Subject = "About {{topic}}" }, recipient));

        Assert.Equal("header-injection", e.Code);
    }

    [Fact]
    public void Create_LineBreakInTheSender_IsRefused() =>
        Assert.Equal("header-injection", Assert.Throws<PermanentTaskException>(
            () => Mail.Create("k", Content with { From = "news@example.com\r\nBcc: x@example.com" }, new("ada@example.com", "Ada"))).Code);

    [Theory]
    [InlineData("ada@example.com", true)]
    [InlineData("a.d+a@sub.example.com", true)]
    [InlineData("ada@bücher.example", true)]
    [InlineData("ada", false)]
    [InlineData("ada@", false)]
    [InlineData("@example.com", false)]
    [InlineData("ada@example.com, eve@example.com", false)]
    [InlineData("Ada <ada@example.com>", false)]
    [InlineData("ada@example.com ", false)]
    [InlineData("ädä@example.com", false)]
    [InlineData("", false)]
    public void AddressFault_Address_IsOneMailbox(string address, bool good) =>
        Assert.Equal(good, Mail.AddressFault(address) is null);

    [Fact]
    public void Create_BadAddress_IsAPermanentFailure() =>
        Assert.Equal("bad-address", Assert.Throws<PermanentTaskException>(() => Mail.Create("k", Content, new("nobody"))).Code);
}
