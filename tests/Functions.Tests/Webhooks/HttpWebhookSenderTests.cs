using System.Net;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Payloads;
using Chard.Domain.Tasks;
using Chard.Functions.Outgoing;
using Chard.Functions.Tests.Outgoing;
using Chard.Functions.Tests.Servers;
using Chard.Functions.Webhooks;
using Microsoft.Extensions.Options;
using Moq;

namespace Chard.Functions.Tests.Webhooks;

public sealed class HttpWebhookSenderTests : IAsyncLifetime
{
    private readonly WebhookReceiver _receiver = new();
    private readonly FakeResolver _resolver = new();
    private OutgoingHttp _http = null!;

    public Task InitializeAsync()
    {
        _http = new(
            Options.Create(new OutgoingOptions { AllowHttp = true, AllowedNetworks = "127.0.0.1/32", TimeoutSeconds = 2 }), _resolver);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task RunAsync_GoodCall_IsVerifiedByTheReceiver()
    {
        CallWebhookResult result = await CallAsync("/hook", new Dictionary<string, string> { ["X-Tenant"] = "17" });

        ReceivedCall call = Assert.Single(_receiver.Calls);
        Assert.True(call.SignatureHolds);
        Assert.Equal("wf%3A0", call.Id);
        Assert.Equal("""{"a":1}""", call.Body);
        Assert.Equal("17", call.Headers["X-Tenant"]);
        Assert.Equal("application/json", call.Headers["Content-Type"]);
        Assert.DoesNotContain("traceparent", call.Headers.Keys);
        Assert.Equal(new CallWebhookResult("wf%3A0", 200, "application/json", """{"ok":true}""", false), result);
    }

    [Fact]
    public async Task RunAsync_AnswerLostAndSentAgain_IsActedOnOnce()
    {
        _receiver.StatusAfterActing = 500;

        await Assert.ThrowsAsync<TransientTaskException>(() => CallAsync("/hook"));
        await CallAsync("/hook");

        Assert.Equal(2, _receiver.Calls.Count);
        Assert.Equal(["wf%3A0"], _receiver.Events.Keys);
    }

    [Fact]
    public async Task RunAsync_Redirect_IsNotFollowed()
    {
        await using var other = new WebhookReceiver();

        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => CallAsync("/redirect?to=" + other.Url));

        Assert.Equal("http-307", e.Code);
        Assert.Empty(other.Calls);
    }

    [Fact]
    public async Task RunAsync_LongAnswer_IsCutAt64KiB()
    {
        CallWebhookResult result = await CallAsync("/long");

        Assert.True(result.Truncated);
        Assert.Equal(64 * 1024, result.Body.Length);
    }

    [Fact]
    public async Task RunAsync_NoAnswer_IsATransientFailure()
    {
        var e = await Assert.ThrowsAsync<TransientTaskException>(() => CallAsync("/hang"));

        Assert.Equal("timeout", e.Code);
    }

    [Fact]
    public async Task RunAsync_InternalAddress_IsRefusedBeforeAnythingIsSent()
    {
        await using var inside = new WebhookReceiver("127.0.0.3");
        _resolver["hooks.example"] = [IPAddress.Parse("127.0.0.3")];

        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => CallUrlAsync($"http://hooks.example:{inside.Url.Port}/hook"));

        Assert.Equal("address-refused", e.Code);
        Assert.Empty(inside.Calls);
    }

    [Theory]
    [InlineData(null, "Chard:Webhooks:Secret.")]
    [InlineData("billing", "Chard:Webhooks:Secrets:billing.")]
    public async Task RunAsync_NoSecret_NamesTheSettingAndSendsNothing(string? name, string setting)
    {
        var task = new PostWebhook(new HttpWebhookSender(_http), new ConfiguredWebhookSecrets(Options.Create(new WebhookOptions())));

        var e = await Assert.ThrowsAsync<PermanentTaskException>(
            () => task.RunAsync(new(_receiver.Url.ToString(), JsonElement.Parse("1"), SecretName: name), Context(), default));

        Assert.Equal("webhook-secret-missing", e.Code);
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
        Assert.Empty(_receiver.Calls);
    }

    [Fact]
    public void Validate_Options_NamesTheSecretWithoutRepeatingIt()
    {
        var options = new WebhookOptions { Secret = "short", Secrets = { ["good"] = WebhookReceiver.Secret, ["bad"] = "whsec_x" } };

        Assert.Equal(
            [
                "Chard:Webhooks:Secret: A webhook secret is whsec_ and the base64 of 24 to 64 random bytes; make one by: echo "
                    + "whsec_$(openssl rand -base64 32)",
                "Chard:Webhooks:Secrets:bad: A webhook secret is whsec_ and the base64 of 24 to 64 random bytes; make one by: echo "
                    + "whsec_$(openssl rand -base64 32)",
            ],
            new WebhookOptionsValidator().Validate(null, options).Failures);
    }

    private Task<CallWebhookResult> CallAsync(string path, IReadOnlyDictionary<string, string>? headers = null) =>
        CallUrlAsync(new Uri(_receiver.Url, path).ToString(), headers);

    private Task<CallWebhookResult> CallUrlAsync(string url, IReadOnlyDictionary<string, string>? headers = null)
    {
        var secrets = new ConfiguredWebhookSecrets(Options.Create(new WebhookOptions { Secret = WebhookReceiver.Secret }));
        return new PostWebhook(new HttpWebhookSender(_http), secrets)
            .RunAsync(new(url, JsonElement.Parse("""{"a":1}"""), Headers: headers), Context(), default);
    }

    private static TaskContext Context() => new()
    {
        WorkflowId = "wf",
        Path = "0",
        Task = nameof(PostWebhook),
        Attempt = 1,
        IdempotencyKey = "wf:0",
        Payloads = Mock.Of<IPayloadStore>(),
        Time = TimeProvider.System,
        ReportProgress = _ => { },
    };
}
