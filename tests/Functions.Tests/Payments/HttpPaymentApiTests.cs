using Chard.Domain.Failures;
using Chard.Functions.Payments;
using Chard.Functions.Tests.Servers;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Chard.Functions.Tests.Payments;

public sealed class HttpPaymentApiTests : IAsyncLifetime
{
    private static readonly ChargeOrderArgs Order = new("A-17", 12.5m, "EUR", "tok_visa");
    private readonly PaymentServer _server = new();
    private HttpPaymentApi _api = null!;

    public Task InitializeAsync()
    {
        _api = Api(new() { BaseUrl = _server.Url.ToString(), TimeoutSeconds = 1 });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _api.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task ChargeAsync_GoodOrder_SendsKeyAndExactSum()
    {
        Charge charge = await _api.ChargeAsync(Order, "charge-A-17-12.50-EUR", default);

        Assert.Equal(new Charge("ch_1", 12.50m, "EUR"), charge);
        Assert.Equal(["charge-A-17-12.50-EUR"], _server.Requests);
        Assert.Equal(["""{"order":"A-17","amount":"12.50","currency":"EUR","card":"tok_visa"}"""], _server.Bodies);
    }

    [Theory]
    [InlineData(PaymentAnswer.ChargeAndHang, "timeout")]
    [InlineData(PaymentAnswer.ChargeAndDrop, "connection-failed")]
    [InlineData(PaymentAnswer.ChargeAndBabble, "bad-answer")]
    public async Task ChargeAsync_AnswerLostAfterCharging_IsTransientAndTheNextTryGetsTheSameCharge(PaymentAnswer answer, string code)
    {
        _server.Next(answer);

        var e = await Assert.ThrowsAsync<TransientTaskException>(() => _api.ChargeAsync(Order, "k", default));
        Charge charge = await _api.ChargeAsync(Order, "k", default);

        Assert.Equal(code, e.Code);
        Assert.Equal("ch_1", charge.Id);
        Assert.Equal(1, _server.Charged);
        Assert.Equal(["k", "k"], _server.Requests);
    }

    [Theory]
    [InlineData(PaymentAnswer.Fail, FailureKind.Transient, "http-500")]
    [InlineData(PaymentAnswer.Conflict, FailureKind.Transient, "http-409")]
    [InlineData(PaymentAnswer.Refuse, FailureKind.Permanent, "http-400")]
    [InlineData(PaymentAnswer.Decline, FailureKind.Permanent, "card-declined")]
    [InlineData(PaymentAnswer.ThrottleSilently, FailureKind.RateLimited, "http-429")]
    public async Task ChargeAsync_AnswerOfFailure_HasItsKind(PaymentAnswer answer, FailureKind kind, string code)
    {
        _server.Next(answer);

        TaskFailureException e = await Assert.ThrowsAnyAsync<TaskFailureException>(() => _api.ChargeAsync(Order, "k", default));

        Assert.Equal((kind, code), (e.Kind, e.Code));
        Assert.DoesNotContain("tok_visa", e.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _server.Charged);
    }

    [Fact]
    public async Task ChargeAsync_Declined_TellsTheProvidersReason()
    {
        _server.Next(PaymentAnswer.Decline);

        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => _api.ChargeAsync(Order, "k", default));

        Assert.Equal("The card was declined: insufficient_funds. Ask for another way to pay.", e.Message);
    }

    [Fact]
    public async Task ChargeAsync_Throttled_CarriesTheHint()
    {
        _server.Next(PaymentAnswer.Throttle);

        var e = await Assert.ThrowsAsync<RateLimitedTaskException>(() => _api.ChargeAsync(Order, "k", default));

        Assert.Equal(TimeSpan.FromSeconds(7), e.RetryAfter);
    }

    [Fact]
    public async Task ChargeAsync_ThrottledUntilADate_CarriesTheTimeToIt()
    {
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        using HttpPaymentApi api = Api(new() { BaseUrl = _server.Url.ToString() }, new FakeTimeProvider(now));
        _server.RetryAt = now.AddSeconds(42);
        _server.Next(PaymentAnswer.ThrottleUntil);

        var e = await Assert.ThrowsAsync<RateLimitedTaskException>(() => api.ChargeAsync(Order, "k", default));

        Assert.Equal(TimeSpan.FromSeconds(42), e.RetryAfter);
    }

    [Fact]
    public async Task ChargeAsync_NobodyThere_IsTransient()
    {
        await _server.DisposeAsync();

        var e = await Assert.ThrowsAsync<TransientTaskException>(() => _api.ChargeAsync(Order, "k", default));

        Assert.Equal("connection-failed", e.Code);
    }

    [Fact]
    public async Task ChargeAsync_CallerGivesUp_IsACancellationAndNoFailureOfTheProvider()
    {
        using var stop = new CancellationTokenSource();
        _server.Next(PaymentAnswer.ChargeAndHang);
        Task<Charge> charge = _api.ChargeAsync(Order, "k", stop.Token);
        await Eventually.TrueAsync("the request has arrived", () => _server.Requests.Count == 1);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => charge);
    }

    [Fact]
    public async Task FindAsync_ChargeThatWasMade_GivesIt()
    {
        _server.Next(PaymentAnswer.ChargeAndDrop);
        await Assert.ThrowsAsync<TransientTaskException>(() => _api.ChargeAsync(Order, "k/1&x", default));

        Assert.Equal(new Charge("ch_1", 12.50m, "EUR"), await _api.FindAsync("k/1&x", default));
        Assert.Equal(["k/1&x"], _server.Searches);
    }

    [Fact]
    public async Task FindAsync_NoSuchCharge_GivesNull() => Assert.Null(await _api.FindAsync("k", default));

    [Fact]
    public async Task ChargeAsync_ApiKey_GoesAsBearerTokenAndIntoNoMessage()
    {
        _server.ApiKey = "secret-key";
        using HttpPaymentApi good = Api(new() { BaseUrl = _server.Url.ToString(), ApiKey = "secret-key" });
        using HttpPaymentApi bad = Api(new() { BaseUrl = _server.Url.ToString(), ApiKey = "another-key" });

        Assert.Equal("ch_1", (await good.ChargeAsync(Order, "k", default)).Id);
        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => bad.ChargeAsync(Order, "k2", default));

        Assert.Equal("http-401", e.Code);
        Assert.DoesNotContain("another-key", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChargeAsync_NoBaseUrl_NamesTheSetting()
    {
        using HttpPaymentApi api = Api(new());

        var e = await Assert.ThrowsAsync<PermanentTaskException>(() => api.ChargeAsync(Order, "k", default));

        Assert.Equal("payments-not-configured", e.Code);
        Assert.Contains("Chard:Payments:BaseUrl", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://pay.example.com/v1", null, 30, null)]
    [InlineData("http://localhost:9000/", null, 30, null)]
    [InlineData(null, null, 30, null)]
    [InlineData(
        "http://pay.example.com", null, 30,
        "Chard:Payments:BaseUrl must be an https URL without a query (http only on this machine), such as https://pay.example.com/v1.")]
    [InlineData(
        "pay.example.com", null, 30,
        "Chard:Payments:BaseUrl must be an https URL without a query (http only on this machine), such as https://pay.example.com/v1.")]
    [InlineData(
        "https://pay.example.com?a=b", null, 30,
        "Chard:Payments:BaseUrl must be an https URL without a query (http only on this machine), such as https://pay.example.com/v1.")]
    [InlineData(null, "a b", 30, "Chard:Payments:ApiKey must be printable ASCII without blanks.")]
    [InlineData(null, null, 0, "Chard:Payments:TimeoutSeconds is 0; it must be 1 to 100.")]
    [InlineData(null, null, 101, "Chard:Payments:TimeoutSeconds is 101; it must be 1 to 100.")]
    public void Validate_Options_SaysWhatCannotWork(string? url, string? key, int timeout, string? fault) =>
        Assert.Equal(
            fault, new PaymentOptionsValidator()
                .Validate(null, new() { BaseUrl = url, ApiKey = key, TimeoutSeconds = timeout }).FailureMessage);

    private static HttpPaymentApi Api(PaymentOptions options, TimeProvider? time = null) =>
        new(Options.Create(options), time ?? TimeProvider.System);
}
