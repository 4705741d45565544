using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Tests;
using Chard.Functions.Webhooks;
using Microsoft.Extensions.Time.Testing;
using Moq;

namespace Chard.Functions.Tests.Webhooks;

public sealed class PostWebhookTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly CallWebhookArgs Args = new("https://example.com/hook", JsonElement.Parse("[1]"));
    private readonly Mock<IWebhookSender> _sender = new();
    private readonly Mock<IWebhookSecrets> _secrets = new();

    public PostWebhookTests() => _secrets.Setup(s => s.Get(It.IsAny<string?>())).Returns(WebhookSecret.Parse(Secret));

    [Fact]
    public async Task RunAsync_TwoAttempts_HaveOneIdAndFreshSignatures()
    {
        var sent = new List<(IReadOnlyDictionary<string, string> Headers, byte[] Body)>();
        _sender.Setup(s => s.PostAsync(
            Args.Url, It.IsAny<IReadOnlyDictionary<string, string>>(), It.IsAny<byte[]>(), It.IsAny<CancellationToken>()))
            .Callback((string _, IReadOnlyDictionary<string, string> headers, byte[] body, CancellationToken _) =>
                sent.Add((headers, body)))
            .ReturnsAsync(new WebhookAnswer(200, null, null, "", false));
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(100));
        var task = new PostWebhook(_sender.Object, _secrets.Object);

        await task.RunAsync(Args, TestContexts.Of("wf:0", time: time), default);
        time.Advance(TimeSpan.FromSeconds(100));
        await task.RunAsync(Args, TestContexts.Of("wf:0", time: time), default);

        Assert.Equal(["wf%3A0", "wf%3A0"], sent.Select(s => s.Headers["webhook-id"]));
        Assert.Equal(["100", "200"], sent.Select(s => s.Headers["webhook-timestamp"]));
        Assert.Equal(
            new[] { 100, 200 }.Select(at => WebhookSecret.Parse(Secret).Sign("wf%3A0", at, "[1]"u8)),
            sent.Select(s => s.Headers["webhook-signature"]));
        Assert.Equal(sent[0].Body, sent[1].Body);
    }

    [Theory]
    [InlineData(410, FailureKind.Permanent)]
    [InlineData(302, FailureKind.Permanent)]
    [InlineData(500, FailureKind.Transient)]
    [InlineData(429, FailureKind.RateLimited)]
    public async Task RunAsync_AnswerOfFailure_ThrowsItsKind(int status, FailureKind kind)
    {
        _sender.Setup(s => s.PostAsync(
            It.IsAny<string>(), It.IsAny<IReadOnlyDictionary<string, string>>(), It.IsAny<byte[]>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new WebhookAnswer(status, null, "text/plain", "no", false));

        var e = await Assert.ThrowsAnyAsync<TaskFailureException>(
            () => new PostWebhook(_sender.Object, _secrets.Object).RunAsync(Args, TestContexts.Of("k"), default));

        Assert.Equal(kind, e.Kind);
    }
}
