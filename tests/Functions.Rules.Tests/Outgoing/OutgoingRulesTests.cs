using System.Net;
using Chard.Functions.Outgoing;

namespace Chard.Functions.Tests.Outgoing;

public sealed class OutgoingRulesTests
{
    private static readonly OutgoingRules Strict = new(allowHttp: false, [], []);
    private static readonly OutgoingRules WithHttp = new(allowHttp: true, [], []);

    [Theory]
    [InlineData("https://example.com/hook")]
    [InlineData("https://example.com:8443/hook?a=b#c")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]/")]
    [InlineData("https://münchen.example/")]
    [InlineData("https://xn--mnchen-3ya.example/")]
    [InlineData("https://example.com./")]
    [InlineData("HTTPS://EXAMPLE.COM/")]
    public void Fault_PublicHttpsUrl_IsNull(string url)
    {
        Assert.Null(Strict.Fault(url, out Uri? parsed));
        Assert.NotNull(parsed);
    }

    [Theory]
    [InlineData(null, "1 to 2048 characters")]
    [InlineData("", "1 to 2048 characters")]
    [InlineData(" https://example.com/", "blanks")]
    [InlineData("https://example.com/\r\nX: y", "control")]
    [InlineData("https://example.com\\@127.0.0.1/", "backslashes")]
    [InlineData("example.com/hook", "absolute URL")]
    [InlineData("/hook", "https")]
    [InlineData("https://", "absolute URL")]
    [InlineData("http://example.com/", "Only https URLs")]
    [InlineData("ftp://example.com/", "Only https URLs")]
    [InlineData("file:///etc/passwd", "absolute URL")]
    [InlineData("gopher://example.com/", "Only https URLs")]
    [InlineData("javascript:alert(1)", "absolute URL")]
    [InlineData("https://user@example.com/", "user")]
    [InlineData("https://user:secret@example.com/", "user")]
    [InlineData("https://example.com@127.0.0.1/", "user")]
    public void Fault_UrlOfAnotherForm_SaysWhy(string? url, string reason)
    {
        Assert.Contains(reason, Strict.Fault(url, out Uri? parsed), StringComparison.Ordinal);
        Assert.Null(parsed);
    }

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://127.0.1/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0x7f.0x0.0x0.0x1/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.0.0.1./")]
    [InlineData("https://0/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[0:0:0:0:0:0:0:1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[::127.0.0.1]/")]
    [InlineData("https://[64:ff9b::10.0.0.1]/")]
    [InlineData("https://[2002:a00:1::]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fd00:ec2::254]/latest/meta-data/")]
    [InlineData("https://169.254.169.254/metadata/instance")]
    [InlineData("https://2852039166/")]
    [InlineData("https://0xa9fea9fe/")]
    [InlineData("https://168.63.129.16/")]
    [InlineData("https://100.100.100.200/")]
    [InlineData("https://10.0.0.1:8443/")]
    [InlineData("https://192.168.1.1/")]
    public void Fault_InternalAddressInAnySpelling_IsRefused(string url) =>
        Assert.Contains("inside the network", Strict.Fault(url, out _), StringComparison.Ordinal);

    [Fact]
    public void Fault_HttpUrl_PassesOnceAllowed()
    {
        Assert.Null(WithHttp.Fault("http://example.com/", out _));
        Assert.Contains("Only https and http", WithHttp.Fault("ftp://example.com/", out _), StringComparison.Ordinal);
        Assert.Contains(
            "inside the network", WithHttp.Fault("http://localhost/", out Uri? parsed)
                ?? WithHttp.Fault("localhost", 80, IPAddress.Loopback), StringComparison.Ordinal);
        Assert.NotNull(parsed);
    }

    [Theory]
    [InlineData("hooks.internal", "hooks.internal", 443, true)]
    [InlineData("hooks.internal", "HOOKS.Internal.", 8443, true)]
    [InlineData("hooks.internal:8443", "hooks.internal", 8443, true)]
    [InlineData("hooks.internal:8443", "hooks.internal", 443, false)]
    [InlineData("hooks.internal:443", "hooks.internal", 443, true)]
    [InlineData("hooks.internal:443", "hooks.internal", 80, false)]
    [InlineData("hooks.internal", "other.internal", 443, false)]
    [InlineData("hooks.internal", "x.hooks.internal", 443, false)]
    [InlineData("10.0.0.5", "10.0.0.5", 443, true)]
    [InlineData("[fd00::5]:8443", "fd00::5", 8443, true)]
    [InlineData("bücher.internal", "xn--bcher-kva.internal", 443, true)]
    public void Fault_AllowedHost_MayHaveInternalAddresses(string allowed, string host, int port, bool passes)
    {
        var rules = new OutgoingRules(allowHttp: false, [allowed], []);

        Assert.Equal(passes, rules.Fault(host, port, IPAddress.Parse("10.0.0.5")) is null);
    }

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "10.2.0.1", false)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("127.0.0.1/32", "127.0.0.1", true)]
    [InlineData("127.0.0.1/32", "127.0.0.2", false)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("fd00::/8", "fe80::1", false)]
    public void Fault_AllowedNetwork_MayBeReached(string allowed, string address, bool passes)
    {
        var rules = new OutgoingRules(allowHttp: false, [], [allowed]);

        Assert.Equal(passes, rules.Fault("hooks.example", 443, IPAddress.Parse(address)) is null);
    }

    [Fact]
    public void Fault_RefusedHost_DoesNotTellItsAddress()
    {
        string fault = Strict.Fault("hooks.example", 443, IPAddress.Parse("10.11.12.13"))!;

        Assert.DoesNotContain("10.11.12.13", fault, StringComparison.Ordinal);
        Assert.Contains("hooks.example", fault, StringComparison.Ordinal);
        Assert.Contains("Chard:Outgoing:AllowedHosts", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://hooks.internal")]
    [InlineData("hooks.internal/path")]
    [InlineData("user@hooks.internal")]
    [InlineData("hooks.internal:99999")]
    [InlineData("hooks.internal/")]
    [InlineData("")]
    public void New_HostOfAnotherForm_IsRefused(string host)
    {
        FormatException e = Assert.Throws<FormatException>(() => new OutgoingRules(false, [host], []));

        Assert.Contains($"'{host}' is not a host", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("internal")]
    public void New_NetworkOfAnotherForm_IsRefused(string network)
    {
        FormatException e = Assert.Throws<FormatException>(() => new OutgoingRules(false, [], [network]));

        Assert.Contains($"'{network}' is not a network", e.Message, StringComparison.Ordinal);
    }
}
