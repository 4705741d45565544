using System.Text.Json;
using Chard.Functions.Tests.Servers;

namespace Chard.Functions.Tests.Flows;

public sealed class CallWebhookTests : IAsyncLifetime
{
    private FlowHost _host = null!;

    public async Task InitializeAsync() => _host = await FlowHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task CallWebhook_WithEvent_ArrivesSignedAndWrapped()
    {
        string id = await StartAsync("/hook", new { @event = "order.paid", payload = new { order = "A-1" } });

        JsonElement result = await _host.ResultAsync(id);

        ReceivedCall call = Assert.Single(_host.Receiver.Calls);
        Assert.True(call.SignatureHolds);
        Assert.Equal(200, result.GetProperty("status").GetInt32());
        Assert.Equal(call.Id, result.GetProperty("webhookId").GetString());
        Assert.Equal("""{"ok":true}""", result.GetProperty("body").GetString());
        JsonElement body = JsonElement.Parse(call.Body);
        Assert.Equal("order.paid", body.GetProperty("type").GetString());
        Assert.Equal("A-1", body.GetProperty("data").GetProperty("order").GetString());
        Assert.True(body.GetProperty("timestamp").TryGetDateTimeOffset(out _));
    }

    [Fact]
    public async Task CallWebhook_LargePayloadAndLargeAnswer_AreCarriedByReference()
    {
        string text = new('p', 100_000);
        _host.Receiver.Answer = new string('a', 60_000);

        JsonElement result = await _host.ResultAsync(await StartAsync("/hook", new { payload = text }));

        Assert.Equal(JsonSerializer.Serialize(text), Assert.Single(_host.Receiver.Calls).Body);
        Assert.Equal(_host.Receiver.Answer, result.GetProperty("body").GetString());
    }

    [Fact]
    public async Task CallWebhook_ReceiverThatFailsThenThrottles_GetsOneEvent()
    {
        _host.Receiver.Next(500).Next(503, "30").Next(429, "Sun, 01 Mar 2026 00:00:00 GMT").StatusAfterActing = 502;

        await _host.ResultAsync(await StartAsync("/hook", new { payload = 1 }));

        Assert.Equal(5, _host.Receiver.Calls.Count);
        Assert.Single(_host.Receiver.Calls.Select(c => c.Id).Distinct());
        Assert.Single(_host.Receiver.Calls.Select(c => c.Body).Distinct());
        Assert.Single(_host.Receiver.Events);
    }

    [Theory]
    [InlineData(410, "http-410")]
    [InlineData(404, "http-404")]
    public async Task CallWebhook_ReceiverThatIsGone_FailsAtOnce(int status, string code)
    {
        _host.Receiver.Next(status);

        Assert.Equal(code, await _host.FailureAsync(await StartAsync("/hook", new { payload = 1 })));
        Assert.Single(_host.Receiver.Calls);
    }

    [Fact]
    public async Task CallWebhook_RedirectInside_IsNotFollowed()
    {
        await using var inside = new WebhookReceiver("127.0.0.3");

        Assert.Equal("http-307", await _host.FailureAsync(
            await StartAsync("/redirect?to=" + Uri.EscapeDataString(inside.Url.ToString()), new { payload = 1 })));

        Assert.Empty(inside.Calls);
    }

    [Theory]
    [InlineData("http://127.0.0.3:{0}/")]
    [InlineData("http://2130706435:{0}/")]
    [InlineData("http://[::ffff:7f00:3]:{0}/")]
    [InlineData("http://169.254.169.254/metadata/instance")]
    public async Task CallWebhook_InternalAddress_FailsAndSendsNothing(string url)
    {
        await using var inside = new WebhookReceiver("127.0.0.3");

        string id = await _host.StartWorkflowAsync(
            "CallWebhook",
            new { url = string.Format(System.Globalization.CultureInfo.InvariantCulture, url, inside.Url.Port), payload = 1 });

        Assert.Equal("address-refused", await _host.FailureAsync(id));
        Assert.Empty(inside.Calls);
    }

    [Fact]
    public async Task CallWebhook_ActivityDeliveredTwiceOrItsResultLost_IsCalledOnce()
    {
        _host.App.Faults.DeliverTwice("PostWebhook");
        await _host.ResultAsync(await StartAsync("/hook", new { payload = 1 }));
        _host.App.Faults.LoseResult("PostWebhook");
        await _host.ResultAsync(await StartAsync("/hook", new { payload = 2 }));

        Assert.Equal(2, _host.Receiver.Calls.Count);
    }

    private Task<string> StartAsync(string path, object args)
    {
        var all = JsonSerializer.SerializeToNode(args)!.AsObject();
        all["url"] = new Uri(_host.Receiver.Url, path).ToString();
        return _host.StartWorkflowAsync("CallWebhook", all);
    }
}
