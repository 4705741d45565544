using System.Net;
using Chard.Domain.Failures;

namespace Chard.Domain.Tests.Failures;

public sealed class HttpFailuresTests
{
    [Fact]
    public async Task EnsureSuccessAsync_RateLimitWithHint_ThrowsItWithTheWait()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Content = new StringContent("slow down") };
        response.Headers.TryAddWithoutValidation("Retry-After", "17");

        var thrown = await Assert.ThrowsAsync<RateLimitedTaskException>(
            () => HttpFailures.EnsureSuccessAsync(response, TimeProvider.System, default));

        Assert.Equal(("http-429", TimeSpan.FromSeconds(17)), (thrown.Code, thrown.RetryAfter));
        Assert.Contains("slow down", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureSuccessAsync_HugeBody_KeepsTheBeginning()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent(new string('x', 1_000_000)) };

        var thrown = await Assert.ThrowsAsync<PermanentTaskException>(
            () => HttpFailures.EnsureSuccessAsync(response, TimeProvider.System, default));

        Assert.InRange(thrown.Message.Length, 500, 700);
    }

    [Fact]
    public async Task EnsureSuccessAsync_Success_DoesNothing()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.NoContent);

        await HttpFailures.EnsureSuccessAsync(response, TimeProvider.System, default);
    }
}
