using Chard.Functions.Outgoing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Tests.Flows;

public sealed class FlowSettingsTests
{
    [Theory]
    [InlineData("Chard:Payments:BaseUrl", "http://pay.example.com", "Chard:Payments:BaseUrl must be an https URL")]
    [InlineData("Chard:Webhooks:Secret", "secret", "Chard:Webhooks:Secret: A webhook secret is whsec_")]
    [InlineData("Chard:Webhooks:Secrets:billing", "secret", "Chard:Webhooks:Secrets:billing: A webhook secret is whsec_")]
    [InlineData("Chard:Outgoing:AllowedNetworks", "10.0.0.0/99", "'10.0.0.0/99' is not a network")]
    [InlineData("Chard:Outgoing:AllowedHosts:0", "https://a/b", "'https://a/b' is not a host")]
    [InlineData("Chard:Mail:Smtp:Port", "0", "Chard:Mail:Smtp:Port is 0; it must be 1 to 65535.")]
    [InlineData("Chard:Newsletters:MessagesPerSecond", "0", "Chard:Newsletters:MessagesPerSecond is 0; it must be 0.01 to 1000.")]
    public async Task Start_SettingThatCannotWork_StopsWithASentenceThatSaysWhy(string name, string value, string sentence)
    {
        var e = await Assert.ThrowsAsync<OptionsValidationException>(() => FlowHost.StartAsync(o =>
        {
            o.Settings[name] = value;
        }));

        Assert.Contains(sentence, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ListsOfAllowedPlaces_AreReadInBothForms()
    {
        await using FlowHost host = await FlowHost.StartAsync(o =>
        {
            o.Settings["Chard:Outgoing:AllowedHosts:0"] = "a.internal";
            o.Settings["Chard:Outgoing:AllowedHosts:1"] = "b.internal:8443";
            o.Settings["Chard:Outgoing:AllowedNetworks"] = "10.0.0.0/8, fd00::/8";
        });

        OutgoingOptions options = host.App.Services.GetRequiredService<IOptions<OutgoingOptions>>().Value;

        Assert.Equal("a.internal b.internal:8443", options.AllowedHosts);
        Assert.Equal("10.0.0.0/8, fd00::/8", options.AllowedNetworks);
    }
}
