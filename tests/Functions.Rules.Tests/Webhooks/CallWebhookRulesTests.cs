using System.Text;
using System.Text.Json;
using Chard.Domain.Json;
using Chard.Functions.Webhooks;

namespace Chard.Functions.Tests.Webhooks;

public sealed class CallWebhookRulesTests
{
    private static readonly CallWebhookArgs Good = new("https://example.com/hook", JsonElement.Parse("""{ "a": [1, 2.50] }"""));

    [Fact]
    public void Check_GoodArgs_HasNoFault() =>
        Assert.Empty(CallWebhookRules.Check(Good with
        {
            Event = "order.paid",
            SecretName = "billing",
            Headers = new Dictionary<string, string> { ["X-Tenant"] = "17", ["Accept-Language"] = "de" },
        }));

    [Theory]
    [InlineData("""{"payload":1}""", "")]
    [InlineData("""{"url":"","payload":1}""", "/url")]
    [InlineData("""{"url":"https://a.example/","payload":1,"event":"a b"}""", "/event")]
    [InlineData("""{"url":"https://a.example/","payload":1,"secretName":"whsec_/+="}""", "/secretName")]
    [InlineData("""{"url":"https://a.example/","payload":1,"secret":"whsec_x"}""", "/secret")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"Host":"b.example"}}""", "/headers/Host")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"authorization":"Bearer x"}}""", "/headers/authorization")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"X-Auth-Token":"x"}}""", "/headers/X-Auth-Token")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"Cookie":"x"}}""", "/headers/Cookie")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"Webhook-Id":"x"}}""", "/headers/Webhook-Id")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"Transfer-Encoding":"chunked"}}""", "/headers/Transfer-Encoding")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"Proxy-X":"1"}}""", "/headers/Proxy-X")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"X A":"1"}}""", "/headers/X A")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"X-A":"1\r\nHost: evil"}}""", "/headers/X-A")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"X-A":"ä"}}""", "/headers/X-A")]
    [InlineData("""{"url":"https://a.example/","payload":1,"headers":{"a/b":"1"}}""", "/headers/a~1b")]
    public void Validate_BadArgs_SaysWhere(string json, string at) =>
        Assert.Equal(at, Assert.Single(ArgsDocument.Validate<CallWebhookArgs>(JsonElement.Parse(json), CallWebhookRules.Check)).Pointer);

    [Fact]
    public void Check_TooManyHeaders_IsAFault() =>
        Assert.Equal("/headers", Assert.Single(CallWebhookRules.Check(Good with
        {
            Headers = Enumerable.Range(0, 21).ToDictionary(i => $"X-{i}", _ => "1"),
        })).Pointer);

    [Fact]
    public void Body_WithoutEvent_IsThePayload() =>
        Assert.Equal("""{"a":[1,2.50]}""", Encoding.UTF8.GetString(CallWebhookRules.Body(Good)));

    [Fact]
    public void Body_WithEvent_WrapsThePayload() =>
        Assert.Equal(
            """{"type":"order.paid","timestamp":"2026-03-01T11:00:00Z","data":{"a":[1,2.50]}}""",
            Encoding.UTF8.GetString(CallWebhookRules.Body(Good with
            {
                Event = "order.paid",
                OccurredAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(1)),
            })));

    [Theory]
    [InlineData("wf-1:0", "wf-1%3A0")]
    [InlineData("wf:2.0.17", "wf%3A2%2E0%2E17")]
    [InlineData("plain_Key-1", "plain_Key-1")]
    [InlineData("a b\r\nc", "a%20b%0D%0Ac")]
    public void Id_AnyKey_HasNeitherDotNorLineBreak(string key, string id) => Assert.Equal(id, CallWebhookRules.Id(key));

    [Fact]
    public void Id_KeysThatLookAlike_StayApart() =>
        Assert.NotEqual(CallWebhookRules.Id("wf:1.2"), CallWebhookRules.Id("wf:1%2E2"));
}
